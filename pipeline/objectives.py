"""What every deployment promises, and what of it somebody is told of."""

from stacks.objectives import Objectives, Thresholds

# A health check finds a Region dead in 3 x 10 s and a client's resolver keeps an answer for 60 s; the last
# 15 s are for a checker and a client to give up waiting. The peer is usually behind by less than a second.
OBJECTIVES = Objectives(
    availability_percent=99.9,
    latency_percent=99.0,
    latency_ms=1000,
    recovery_time_seconds=105,
    recovery_point_seconds=10,
)
THRESHOLDS = Thresholds(
    replication_lag_ms=5000,
    stream_age_seconds=60,
    throttled_requests=10,
    system_errors=5,
    dead_letters=1,
    unreplicated_writes=1,
    judged_requests=20,
)
