"""References are replaced where they stand, and an action's environment stays JSON."""

from __future__ import annotations

import json

from pipeline.local.runner.variables import substituted
from tests.pipeline.local.runner.staged import action


def test_a_value_with_quotes_leaves_the_environment_json() -> None:
    said = [{"name": "A", "type": "PLAINTEXT", "value": "<#{N@s.V}>"}]
    ready = substituted(
        action("A", says={"EnvironmentVariables": json.dumps(said)}), {"N@s": {"V": 'a "b"\n'}}
    )
    (found,) = json.loads(ready.configuration["EnvironmentVariables"])
    assert found == {"name": "A", "type": "PLAINTEXT", "value": '<a "b"\n>'}


def test_what_a_value_says_is_not_taken_for_a_reference_itself() -> None:
    ready = substituted(action("A", says={"T": "#{n.A}"}), {"n": {"A": "#{n.B}", "B": "b"}})
    assert ready.configuration["T"] == "#{n.B}"
