"""A module that cannot be imported."""

import sys

sys.stderr.write("the licence file is missing\n")
sys.stderr.flush()
raise RuntimeError("no licence")
