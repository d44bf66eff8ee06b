"""What CloudFormation's functions in a template come to, as far as that can be told without deploying it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.partition import partition

Value = Any  # whatever JSON can say
NO_VALUE = {"Ref": "AWS::NoValue"}


@dataclass(frozen=True, kw_only=True)
class Intrinsics:
    """Resolves values for one account and Region.

    A `Ref` to a resource is its logical id, since names here are not generated; an attribute, which only
    deploying could tell, stays readable as `${Id.Attribute}`.
    """

    account: str
    region: str

    def resolve(self, value: Value) -> Value:
        """Return a value with every function in it resolved, or left as a placeholder."""
        if isinstance(value, Mapping):
            if len(value) == 1 and (function := self._function(value)) is not None:
                return function
            return {name: self.resolve(each) for name, each in value.items() if each != NO_VALUE}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self.resolve(each) for each in value if each != NO_VALUE]
        return value

    def _function(self, value: Mapping[str, Value]) -> str | None:
        (name, argument), *_ = value.items()
        match name, argument:
            case "Ref", str(target):
                return self._pseudo.get(target, target)
            case "Fn::GetAtt", [str(target), str(attribute)]:
                return f"${{{target}.{attribute}}}"
            case "Fn::Join", [str(separator), list(parts)]:
                return separator.join(str(self.resolve(part)) for part in parts)
            case "Fn::Sub", str() | [str(), Mapping()]:
                text, given = (argument, {}) if isinstance(argument, str) else argument
                return self._substituted(text, given)
            case _ if name.startswith("Fn::"):
                return f"${{{name}}}"
        return None

    def _substituted(self, text: str, given: Mapping[str, Value]) -> str:
        """Replace each `${Name}`; one written `${!Name}` is meant to stay `${Name}`."""
        known = self._pseudo | {name: str(self.resolve(each)) for name, each in given.items()}

        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            return known.get(name, found[0] if "." in name else name)

        return re.sub(r"\$\{([^}]+)\}", one, text)

    @property
    def _pseudo(self) -> dict[str, str]:
        return {
            "AWS::AccountId": self.account,
            "AWS::Partition": partition(self.region),
            "AWS::Region": self.region,
            "AWS::URLSuffix": "amazonaws.com",
        }
