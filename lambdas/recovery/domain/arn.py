"""Names of AWS's resources."""


def table_of(arn: str) -> str | None:
    """Return the name of the table that an ARN is of, or None where it is of something else.

    See https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html.
    """
    match arn.split(":"):
        case ["arn", _, "dynamodb", _, _, resource] if resource.startswith("table/"):
            name = resource.removeprefix("table/")
            return name if name and "/" not in name else None
    return None
