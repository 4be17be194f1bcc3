"""Plans a clinic into a new database: the whole program that is measured."""

import sys

from bench.examples import plan_clinic

stored = plan_clinic(sys.argv[1], int(sys.argv[2]))
print(stored.doses)
