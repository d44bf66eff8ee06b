"""The role that workflows of one repository on GitHub act as, without a secret that could be lost."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


class GithubRole(Construct):
    """A role for the jobs of a repository that use one environment of it, with rights from `statements`.

    `repository` is as GitHub's tokens name it: `owner@id/name@id`, or `owner/name` for one that was made
    before July 2026 and has not been told otherwise
    (https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/).
    All of audience, repository and environment must be the same, so that neither a branch without the
    environment's rules nor a fork is let in. AWS checks the issuer by its certificate authority, so no
    thumbprint is kept. An account has one such issuer at most, so this stands once in an account.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: str,
        environment: str,
        statements: Sequence[iam.PolicyStatement],
        longest: cdk.Duration,
    ) -> None:
        super().__init__(scope, id)
        issuer = iam.CfnOIDCProvider(self, "Issuer", url=f"https://{ISSUER}", client_id_list=[AUDIENCE])
        subject = f"repo:{repository}:environment:{environment}"
        principal = iam.WebIdentityPrincipal(
            issuer.attr_arn, {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subject}}
        )
        self._role = iam.Role(self, "Role", assumed_by=principal, max_session_duration=longest)
        iam.Policy(self, "Rights", roles=[self._role], statements=list(statements))

    @property
    def arn(self) -> str:
        """What a workflow asks to act as."""
        return self._role.role_arn
