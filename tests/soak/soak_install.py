"""Installing a portal by the commands of its page."""

from tests.operating.test_install import installed
from tests.operating.test_install import (
    the_commands_of_the_page_install_a_portal_that_serves as soak_the_commands_install_a_portal,
)

__all__ = ["installed", "soak_the_commands_install_a_portal"]
