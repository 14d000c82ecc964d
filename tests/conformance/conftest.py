"""How the tests of this folder are run."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "conformance",
    deadline=None,
    # the same examples on every run, unless there is to be another number of them
    derandomize="ARRAYSPACE_MAX_EXAMPLES" not in os.environ,
    max_examples=int(os.environ.get("ARRAYSPACE_MAX_EXAMPLES", "40")),
    suppress_health_check=list(HealthCheck),
    database=None,
)
settings.load_profile("conformance")
