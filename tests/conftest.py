"""How Hypothesis runs here.

default   as many examples as a commit can wait for; the same ones every time in CI, so that a red build can be repeated
thorough  `make test-all`: twenty times as many, new ones on every run
"""

import os

from hypothesis import HealthCheck, settings

# No deadline: the first example of a test may load compiled kernels, and two cores are shared with whatever else runs.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, print_blob=True)
settings.register_profile("thorough", settings.get_profile("default"), max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))
