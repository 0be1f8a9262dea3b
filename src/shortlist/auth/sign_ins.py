"""Signing in, staying signed in, and signing out."""

import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from pydantic import SecretStr

from shortlist.auth.access_tokens import AccessTokens
from shortlist.auth.accounts import LOGIN
from shortlist.auth.caller import Caller
from shortlist.auth.lockouts import Lockouts
from shortlist.auth.passwords import Passwords
from shortlist.auth.rates import Rates
from shortlist.auth.refresh_tokens import RefreshTokens
from shortlist.auth.remembered import Remembered
from shortlist.auth.settings import AuthSettings
from shortlist.core.clock import Clock
from shortlist.core.errors import AccountDisabled, NotSignedIn
from shortlist.core.times import DAY, SECOND, Instant
from shortlist.storage.facts.accounts import Account, AccountRows
from shortlist.storage.facts.sign_ins import SignIn, SignInRows

LOG: Final = structlog.get_logger("shortlist.auth")


@dataclass(frozen=True)
class Tokens:
    """What a person holds: a token to ask with, and one to get the next two with."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_seconds: int
    refresh_seconds: int


class SignIns:
    """Each sign-in is a row, and every token names it: ending the row ends its tokens at once."""

    def __init__(
        self,
        rows: SignInRows,
        accounts: AccountRows,
        passwords: Passwords,
        lockouts: Lockouts,
        rates: Rates,
        access: AccessTokens,
        refresh: RefreshTokens,
        settings: AuthSettings,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._accounts = accounts
        self._passwords = passwords
        self._lockouts = lockouts
        self._rates = rates
        self._access = access
        self._refresh = refresh
        self._settings = settings
        self._clock = clock
        self._known = Remembered(rows.by_id, fresh=0, patience=0.25, kept=60)
        """Asked each time; what was known last counts only where the database does not answer."""

    def sign_in(self, login: str, password: SecretStr, address: str) -> Tokens:
        """Sign in with a password, from an address.

        Raises NotSignedIn, in the same words and time whether or not the login is anybody's;
        AccountDisabled; TooManyRequests while login or address are shut; Overloaded.
        """
        self._rates.check("guesses", address)
        with self._passwords.turn():
            account, renewed = self._proven(login.lower(), password, address)
        if account.disabled is not None:
            raise AccountDisabled
        now = self._clock.now()
        made = SignIn(
            id=secrets.token_hex(16),
            account=account.id,
            created=now,
            expires=self._expires(now, now),
            turn=0,
            revoked=None,
            login=account.login,
            user=account.user,
            role=account.role,
            disabled=None,
        )
        if not self._rows.add(made, account, password=renewed, most=self._settings.sign_ins):
            raise NotSignedIn("The account was changed meanwhile; try again.")
        return self._tokens(made, now)

    def refresh(self, token: str, address: str, *, grace: int = 0) -> Tokens:
        """Exchange a refresh token for new tokens. Each is good once.

        One that was used before is in two hands, so its sign-in ends for both. Raises NotSignedIn.
        Within `grace` seconds of its use it is taken for the same hand, such as a second tab of
        a browser, and gets what the first one got.
        """
        self._rates.check("guesses", address)
        read = self._refresh.read(token)
        before = self._rows.by_id(read[0]) if read else None
        now = self._clock.now()
        if read is None or before is None or not before.holds(now):
            self._rates.count("guesses", address)
            raise NotSignedIn("The refresh token is not good; sign in again.")
        id_, turn = read
        expires = self._expires(before.created, now)
        if not self._rows.renew(id_, turn, now, expires):
            after = self._rows.by_id(id_)
            if after is not None and self._just_renewed(after, turn, now, grace):
                return self._tokens(after, now)
            self._rows.revoke(id_, now)
            LOG.warning("a refresh token was used twice", sign_in=id_, account=before.account)
            raise NotSignedIn("The refresh token was used before; sign in again.")
        return self._tokens(replace(before, turn=turn + 1, expires=expires), now)

    def sign_out(self, caller: Caller) -> None:
        """End the caller's sign-in."""
        self._rows.revoke(caller.sign_in or "", self._clock.now())
        self._known.forget(caller.sign_in or "")

    def sign_out_everywhere(self, caller: Caller) -> int:
        """End all sign-ins of the caller's account; how many there were."""
        return self._rows.revoke_all(caller.id, self._clock.now())

    def caller(self, token: str) -> Caller:
        """Who shows this access token. Raises NotSignedIn.

        The row is asked each time, so that what was ended a moment ago is not good any more. A
        sign-in seen within the last minute stays good while the database does not answer.
        """
        claims = self._access.read(token)
        found = self._known.get(claims.sign_in)
        if found is None or not found.holds(self._clock.now()):
            raise NotSignedIn("This sign-in is over; sign in again.")
        if (found.account, found.role) != (claims.account, claims.role):
            raise NotSignedIn("The account was changed; refresh the access token.")
        return Caller.person(found.account, role=found.role, user=found.user, sign_in=found.id)

    def _proven(self, login: str, password: SecretStr, address: str) -> tuple[Account, str]:
        """The account whose password this is, and the hash to keep of it from now on."""
        account = self._accounts.by_login(login) if re.fullmatch(LOGIN, login) else None
        self._lockouts.check(login, account)
        right = self._passwords.match(password, account.password if account else None)
        if account is None or not right:
            self._lockouts.failed(login, account)
            self._rates.count("guesses", address)
            raise NotSignedIn("The login or the password is wrong.")
        return account, self._passwords.renewed(password, account.password)

    def _tokens(self, sign_in: SignIn, now: Instant) -> Tokens:
        return Tokens(
            access=self._access.issue(sign_in),
            refresh=self._refresh.issue(sign_in.id, sign_in.turn),
            access_seconds=self._access.seconds,
            refresh_seconds=(sign_in.expires - now) // SECOND,
        )

    def _just_renewed(self, sign_in: SignIn, turn: int, now: Instant, grace: int) -> bool:
        """Whether this turn was the last one, and went by less than some seconds ago.

        The row says when it was renewed by when it expires; not so in the last days of the longest
        life of a sign-in, where each token is good once whatever the grace.
        """
        renewed = sign_in.expires - self._settings.refresh_days * DAY
        recent = now - renewed < grace * SECOND
        return sign_in.holds(now) and sign_in.turn == turn + 1 and recent

    def _expires(self, created: Instant, now: Instant) -> Instant:
        refreshed = now + self._settings.refresh_days * DAY
        return min(refreshed, created + self._settings.sign_in_days * DAY)
