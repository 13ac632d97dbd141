"""Measurements, one module each: script/bench NAME."""
