"""The app as a whole: which stacks there are, and that CloudFormation would accept them."""

import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.config import DEPLOYMENTS
from pipeline.local import emulation
from tests.stacks.assembly import Assembly

IN_EACH_REGION = ("Api", "Backup", "Events", "Observability", "Switch")
PATHS = {
    f"{deployment.name.title()}{path}"
    for deployment in DEPLOYMENTS
    for path in (
        "Data/Data",
        *(f"{role}/{stack}" for role in ("Secondary", "Primary") for stack in IN_EACH_REGION),
        *(f"{role}/Experiments" for role in ("Secondary", "Primary") if deployment.drills),
        "Routing/Routing",
    )
}
CFN_LINT = Path(sys.executable).with_name("cfn-lint")


def lint(templates: Iterable[Path], *, region: str) -> str:
    """What CloudFormation of a Region has against templates."""
    dependencies_that_cdk_repeats = "W3005"
    options = ["--ignore-checks", dependencies_that_cdk_repeats, "--regions", region]
    command = [str(CFN_LINT), *options, "--", *map(str, templates)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the line above
    return result.stdout + result.stderr + ("" if result.returncode == 0 else f"status {result.returncode}")


def test_each_deployment_has_its_data_two_regions_and_the_way_to_them(assembly: Assembly) -> None:
    assert {stack.path for stack in assembly.stacks.values()} == PATHS


def test_a_stack_is_named_by_its_path(assembly: Assembly) -> None:
    assert {name: stack.path.replace("/", "-") for name, stack in assembly.stacks.items()} == {
        name: name for name in assembly.stacks
    }


def test_no_stack_needs_another_ones_exports(assembly: Assembly) -> None:
    for stack in assembly.stacks.values():
        assert "Fn::ImportValue" not in stack.template_file.read_text()


def test_cloudformation_of_its_region_would_accept_each_template(assembly: Assembly) -> None:
    regions = sorted({stack.region for stack in assembly.stacks.values()})
    templates = [
        [s.template_file for s in assembly.stacks.values() if s.region == region] for region in regions
    ]
    with ThreadPoolExecutor() as both:
        said = list(both.map(lambda files, region: lint(files, region=region), templates, regions))
    assert sum(map(len, templates)) == len(assembly.stacks)
    assert said == [""] * len(regions)


def test_what_cloudformation_would_refuse_is_found(tmp_path: Path) -> None:
    template = tmp_path / "planted.template.json"
    template.write_text(
        '{"Resources": {"Planted": {"Type": "AWS::SQS::Queue", "Properties": {"Name": "a"}}}}'
    )
    assert "E3002" in lint([template], region="eu-west-1")


def test_every_resource_type_was_compared_with_its_emulation(assembly: Assembly) -> None:
    templates = [stack.template for stack in assembly.stacks.values()]
    assert [gap.what for gap in emulation.gaps(templates) if gap.how.startswith("not reviewed")] == []


def test_a_resource_type_that_nobody_compared_would_be_found() -> None:
    (gap,) = emulation.gaps([{"Resources": {"Planted": {"Type": "AWS::Nobody::Reviewed"}}}])
    assert (gap.what, gap.how.split(":")[0]) == ("AWS::Nobody::Reviewed", "not reviewed")
