"""All of it together, opened from a database and a folder of secrets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shortlist.auth.access_tokens import AccessTokens
from shortlist.auth.accounts import Accounts
from shortlist.auth.api_keys import ApiKeys
from shortlist.auth.caller import Caller
from shortlist.auth.home_secret import HomeSecret, open_home_secret
from shortlist.auth.lockouts import Lockouts
from shortlist.auth.passwords import Passwords
from shortlist.auth.rates import Rates
from shortlist.auth.refresh_tokens import RefreshTokens
from shortlist.auth.settings import AuthSettings
from shortlist.auth.sign_ins import SignIns
from shortlist.core.clock import Clock
from shortlist.core.errors import NotSignedIn
from shortlist.storage.facts import Facts


@dataclass(frozen=True)
class Auth:
    """Who is asking, and what they may do."""

    accounts: Accounts
    sign_ins: SignIns
    keys: ApiKeys
    rates: Rates
    secret: HomeSecret
    settings: AuthSettings

    @classmethod
    def open(cls, facts: Facts, secrets_folder: Path, settings: AuthSettings, clock: Clock) -> Self:
        """Wire the parts; the folder and its secret are made at the first start.

        The clock is the machine's own even where an old log is lived through again: tokens and
        keys expire in the present.
        """
        secret = open_home_secret(secrets_folder)
        rates = Rates(settings.rates)
        passwords = Passwords(settings.passwords)
        lockouts = Lockouts(facts.accounts, settings.lockout, clock)
        access = AccessTokens(secret.derived("access tokens"), settings, clock)
        refresh = RefreshTokens(secret.derived("refresh tokens"))
        grace = settings.key_grace_minutes * 60
        return cls(
            accounts=Accounts(facts.accounts, passwords, rates, settings, clock),
            sign_ins=SignIns(
                facts.sign_ins,
                facts.accounts,
                passwords,
                lockouts,
                rates,
                access,
                refresh,
                settings,
                clock,
            ),
            keys=ApiKeys(facts.api_keys, secret.derived("api keys"), clock, grace=grace),
            rates=rates,
            secret=secret,
            settings=settings,
        )

    def caller_of_key(self, text: str, address: str) -> Caller:
        """Who shows this API key, from an address. Raises NotSignedIn and TooManyRequests."""
        try:
            caller = self.keys.caller(text)
        except NotSignedIn:
            self.rates.count("failures", address)
            raise
        self.rates.count("keys", caller.id)
        return caller

    def caller_of_token(self, token: str, address: str) -> Caller:
        """Who shows this access token, from an address. Raises NotSignedIn and TooManyRequests."""
        try:
            caller = self.sign_ins.caller(token)
        except NotSignedIn:
            self.rates.count("failures", address)
            raise
        self.rates.count("people", caller.id)
        return caller

    def at_hand(self, key: str) -> bool:
        """Whether `caller_of_key` answers without waiting for anything."""
        return self.rates.at_hand and self.keys.at_hand(key)

    def close(self) -> None:
        """Write down what is waiting to be."""
        self.keys.close()
