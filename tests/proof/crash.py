"""A process killed at every database write of filing and money in turn: all or nothing, and the retry completes."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["CRASH_EVERYWHERE"] = "1"
    sys.exit(pytest.main(["tests/disbursement/test_crash.py", "-s", *sys.argv[1:]]))
