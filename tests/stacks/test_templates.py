"""The app as a whole: which stacks there are, and that CloudFormation would accept them."""

import subprocess
import sys
from pathlib import Path

from pipeline.local import emulation
from tests.stacks.assembly import Assembly

PATHS = {
    f"{deployment}{path}"
    for deployment in ("Beta", "Prod", "Local")
    for path in ("Data/Data", "Secondary/Api", "Secondary/Events", "Primary/Api", "Primary/Events")
}
CFN_LINT = Path(sys.executable).with_name("cfn-lint")


def test_each_deployment_has_its_data_and_two_regions(assembly: Assembly) -> None:
    assert {stack.path for stack in assembly.stacks.values()} == PATHS


def test_a_stack_is_named_by_its_path(assembly: Assembly) -> None:
    assert {name: stack.path.replace("/", "-") for name, stack in assembly.stacks.items()} == {
        name: name for name in assembly.stacks
    }


def test_no_stack_needs_another_ones_exports(assembly: Assembly) -> None:
    for stack in assembly.stacks.values():
        assert "Fn::ImportValue" not in stack.template_file.read_text()


def test_cloudformation_would_accept_the_templates(assembly: Assembly) -> None:
    files = [str(stack.template_file) for stack in assembly.stacks.values()]
    dependencies_that_cdk_repeats = "W3005"
    command = [str(CFN_LINT), "--ignore-checks", dependencies_that_cdk_repeats, "--", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the line above
    assert result.stdout == ""
    assert result.returncode == 0


def test_every_resource_type_was_compared_with_its_emulation(assembly: Assembly) -> None:
    templates = [stack.template for stack in assembly.stacks.values()]
    assert [gap.what for gap in emulation.gaps(templates) if gap.how.startswith("not reviewed")] == []


def test_a_resource_type_that_nobody_compared_would_be_found() -> None:
    (gap,) = emulation.gaps([{"Resources": {"Planted": {"Type": "AWS::S3::Bucket"}}}])
    assert (gap.what, gap.how.split(":")[0]) == ("AWS::S3::Bucket", "not reviewed")
