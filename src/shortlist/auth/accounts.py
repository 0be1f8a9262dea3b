"""Accounts: registered, made, changed, shut, removed."""

import re
import secrets
from typing import Final

from pydantic import SecretStr

from shortlist.auth.caller import Caller
from shortlist.auth.passwords import Passwords, check_new
from shortlist.auth.rates import Rates
from shortlist.auth.scopes import Role
from shortlist.auth.settings import AuthSettings
from shortlist.core.clock import Clock
from shortlist.core.errors import (
    Invalid,
    LoginTaken,
    RegistrationClosed,
    UnknownAccount,
    WrongPassword,
)
from shortlist.core.events import CONTROL
from shortlist.storage.facts.accounts import Account, AccountRows

LOGIN: Final = r"^[A-Za-z0-9._@+-]{3,128}$"
"""What a login looks like; case does not matter."""


class Accounts:
    """The people who can sign in."""

    def __init__(
        self,
        rows: AccountRows,
        passwords: Passwords,
        rates: Rates,
        settings: AuthSettings,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._passwords = passwords
        self._rates = rates
        self._settings = settings
        self._clock = clock

    def register(self, login: str, password: SecretStr, address: str) -> Account:
        """Make an account for whoever asks, from an address; their user in the log is new.

        Raises RegistrationClosed, TooManyRequests, Invalid, BadPassword and LoginTaken.
        """
        if self._settings.registration == "closed":
            raise RegistrationClosed
        self._rates.count("registrations", address)
        return self.create(login, password)

    def create(
        self, login: str, password: SecretStr, *, role: Role = Role.USER, user: str | None = None
    ) -> Account:
        """Make an account, for a user of the log if one is named.

        Raises Invalid, BadPassword, and LoginTaken where the login or the user has an account.
        """
        if not re.fullmatch(LOGIN, login):
            raise Invalid("A login has 3 to 128 letters, digits and characters of . _ @ + -.")
        if user is not None and (not user.strip() or len(user) > 256 or re.search(CONTROL, user)):
            raise Invalid("The id of a user has 1 to 256 letters, and no control characters.")
        check_new(password, login)
        id_ = secrets.token_hex(8)
        with self._passwords.turn():
            kept = self._passwords.hashed(password)
        now = self._clock.now()
        account = Account(id_, login.lower(), user or f"user-{id_}", kept, role.value, now)
        if not self._rows.add(account):
            raise LoginTaken
        return account

    def get(self, account: str) -> Account:
        """The account of an id. Raises UnknownAccount."""
        found = self._rows.by_id(account)
        if found is None:
            raise UnknownAccount(f"There is no account {account}.")
        return found

    def of_login(self, login: str) -> Account:
        """The account of a login. Raises UnknownAccount."""
        found = self._rows.by_login(login.lower()) if re.fullmatch(LOGIN, login) else None
        if found is None:
            raise UnknownAccount(f"There is no account with the login {login}.")
        return found

    def page(self, after: str = "", most: int = 100) -> list[Account]:
        """Accounts by login, those behind a login."""
        return self._rows.page(after, most)

    def change_password(self, caller: Caller, current: SecretStr, new: SecretStr) -> None:
        """Change the caller's own password; all their other sign-ins end.

        Raises WrongPassword, BadPassword and TooManyRequests.
        """
        account = self.get(caller.id)
        check_new(new, account.login)
        self._rates.check("guesses", account.id)
        with self._passwords.turn():
            right = self._passwords.match(current, account.password)
            kept = self._passwords.hashed(new) if right else ""
        if not right:
            self._rates.count("guesses", account.id)
            raise WrongPassword
        ended = (self._clock.now(), caller.sign_in)
        self._rows.change(account.id, password=kept, sign_out=ended)

    def reset_password(self, account: str, new: SecretStr) -> None:
        """Set somebody's password, end what is locked and all their sign-ins."""
        check_new(new, self.get(account).login)
        with self._passwords.turn():
            kept = self._passwords.hashed(new)
        self._changed(account, self._rows.change(account, password=kept, sign_out=self._everywhere))

    def set_role(self, account: str, role: Role) -> None:
        """Make somebody an administrator, or a user again; their tokens of before are not good."""
        self._changed(account, self._rows.change(account, role=role.value))

    def disable(self, account: str) -> None:
        """Shut somebody out at once. Raises UnknownAccount."""
        self._changed(account, self._rows.disable(account, self._clock.now()))

    def enable(self, account: str) -> None:
        """Let somebody in again; they sign in anew. Raises UnknownAccount."""
        self._changed(account, self._rows.enable(account))

    def remove(self, account: str) -> None:
        """Forget an account; what the log knows of its user stays. Raises UnknownAccount."""
        self._changed(account, self._rows.remove(account))

    @property
    def _everywhere(self) -> tuple[int, None]:
        return self._clock.now(), None

    def _changed(self, account: str, found: bool) -> None:
        if not found:
            raise UnknownAccount(f"There is no account {account}.")
