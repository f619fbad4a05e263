"""What the tests of the venue share."""

import ssl

from boxoffice.domain.invitation import Address
from boxoffice.domain.secret_text import SecretStr
from boxoffice.venue.membership import Membership

CERTIFICATE = ssl.DER_cert_to_PEM_cert(b"not looked at by these tests")
MEMBERSHIP = Membership(
    "Hall",
    "0123456789abcdef",
    1,
    (Address("192.168.1.20", 4715),),
    "d1",
    SecretStr("a-password-of-twenty-two"),
    CERTIFICATE,
)
