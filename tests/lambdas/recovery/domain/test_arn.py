import pytest

from lambdas.recovery.domain.arn import table_of

START = "arn:aws:dynamodb:eu-west-1:111122223333"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_a_table_is_named_by_its_arn(partition: str) -> None:
    assert (
        table_of(f"arn:{partition}:dynamodb:eu-west-1:111122223333:table/users-restored") == "users-restored"
    )


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "users",
        "arn:aws:s3:::users",
        "arn:aws:rds:eu-west-1:111122223333:table/users",
        f"{START}:table/",
        f"{START}:table/users/index/email-index",
        f"{START}:table/users/stream/2030-01-01T00:00:00.000",
        f"{START}:global-table/users",
    ],
)
def test_what_is_no_table_has_no_name(arn: str) -> None:
    assert table_of(arn) is None
