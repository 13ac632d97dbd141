"""The draw of experts as plain arithmetic over a published record: no database, no clock, no chance but the seed."""
