"""Every property test of the suite again, with 5,000 fresh examples each instead of 50 fixed ones."""

import os
import sys

import pytest

if __name__ == "__main__":
    os.environ["HYPOTHESIS_PROFILE"] = "long"
    sys.exit(pytest.main(["-m", "hypothesis", "-n", "2", *sys.argv[1:]]))
