"""Which TLS a REST API and its names speak."""

# TLS 1.2 and 1.3, and nothing older: the checkers of Route 53 speak 1.2 at most, and the ciphers are those of
# the legacy policy TLS_1_2, which an API itself cannot have
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html).
TLS_1_2_AND_1_3 = "SecurityPolicy_TLS13_1_2_2021_06"
# The name in the TLS handshake must be the one in the request. Such a policy asks for a mode, and AWS
# recommends this one
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html).
ACCESS_MODE = "STRICT"
