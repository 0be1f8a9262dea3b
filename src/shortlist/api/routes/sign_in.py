"""People: registering, signing in and out, their own account."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, SecretStr
from pydantic.config import JsonDict

from shortlist.api.fields import Answer, Body, json
from shortlist.api.security import Caller, address_of, auth_of, public, signed_in
from shortlist.auth.accounts import LOGIN
from shortlist.auth.passwords import LONGEST, SHORTEST
from shortlist.auth.sign_ins import Tokens

router = APIRouter(prefix="/v1", tags=["people"])

Login = Annotated[str, Field(min_length=3, max_length=128, pattern=LOGIN)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST)]
NewPassword = Annotated[SecretStr, Field(min_length=SHORTEST, max_length=LONGEST)]

ADA: JsonDict = {"login": "ada@example.org", "password": "correct horse battery"}


class Registration(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [ADA]})

    login: Login
    """What one signs in with; case does not matter."""
    password: NewPassword


class SignIn(Body):
    model_config = ConfigDict(json_schema_extra={"examples": [ADA]})

    login: Annotated[str, Field(min_length=1, max_length=128)]
    password: Password


class Refresh(Body):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"refresh_token": f"slr_{'0f' * 16}_0_{'0f' * 32}"}]}
    )

    refresh_token: Annotated[SecretStr, Field(min_length=1, max_length=200)]
    """The newest one: each is good once, and using one twice ends the sign-in."""


class PasswordChange(Body):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"current": ADA["password"], "new": "staple an even longer one"}]
        }
    )

    current: Password
    new: NewPassword


class Me(Answer):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "6f1c2a9d0b7e4e35",
                    "login": ADA["login"],
                    "user": "user-6f1c2a9d0b7e4e35",
                    "role": "user",
                }
            ]
        }
    )

    id: str
    login: str
    user: str
    """Their own id in the log: what stands in paths, `/v1/users/{user}/...`."""
    role: str


class TokenPair(Answer):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "token_type": "Bearer",
                    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.c2ln",
                    "expires_in": 900,
                    "refresh_token": f"slr_{'0f' * 16}_0_{'0f' * 32}",
                    "refresh_expires_in": 2_592_000,
                }
            ]
        }
    )

    token_type: str
    access_token: str
    """For `Authorization: Bearer`."""
    expires_in: int
    """Seconds for which the access token is good."""
    refresh_token: str
    """Good once, for the next two tokens."""
    refresh_expires_in: int
    """Seconds after which the sign-in is over unless it is refreshed."""


class SignedOut(Answer):
    model_config = ConfigDict(json_schema_extra={"examples": [{"signed_out": 2}]})

    signed_out: int
    """How many sign-ins were ended."""


@router.post("/accounts", status_code=201, response_model=Me)
def register(
    request: Request,
    caller: Annotated[None, public],  # noqa: ARG001
    body: Registration,
) -> Response:
    """Register: make oneself an account, where the settings leave that open to all."""
    made = auth_of(request).accounts.register(body.login, body.password, address_of(request))
    return json({"id": made.id, "login": made.login, "user": made.user, "role": made.role}, 201)


@router.post("/sign-in", response_model=TokenPair)
def sign_in(
    request: Request,
    caller: Annotated[None, public],  # noqa: ARG001
    body: SignIn,
) -> Response:
    """Sign in with a password, for an access token and a refresh token."""
    auth = auth_of(request)
    return _pair(auth.sign_ins.sign_in(body.login, body.password, address_of(request)))


@router.post("/sign-in/refresh", response_model=TokenPair)
def refresh(
    request: Request,
    caller: Annotated[None, public],  # noqa: ARG001
    body: Refresh,
) -> Response:
    """Exchange a refresh token for two new tokens; the old refresh token is then used up."""
    shown = body.refresh_token.get_secret_value()
    return _pair(auth_of(request).sign_ins.refresh(shown, address_of(request)))


@router.post("/sign-out", response_model=SignedOut)
def sign_out(request: Request, caller: Annotated[Caller, signed_in]) -> Response:
    """Sign out: the tokens of this sign-in are not good from now on."""
    auth_of(request).sign_ins.sign_out(caller)
    return json({"signed_out": 1})


@router.post("/sign-out/everywhere", response_model=SignedOut)
def sign_out_everywhere(request: Request, caller: Annotated[Caller, signed_in]) -> Response:
    """Sign out on every device: no token of this account is good from now on."""
    return json({"signed_out": auth_of(request).sign_ins.sign_out_everywhere(caller)})


@router.get("/me", response_model=Me)
def me(request: Request, caller: Annotated[Caller, signed_in]) -> Response:
    """Who is signed in."""
    own = auth_of(request).accounts.get(caller.id)
    return json({"id": own.id, "login": own.login, "user": own.user, "role": own.role})


@router.delete("/me", status_code=204, response_class=Response)
def remove_me(request: Request, caller: Annotated[Caller, signed_in]) -> Response:
    """Remove one's account; what the log knows of its user stays (`DELETE /v1/users/{user}`)."""
    auth_of(request).accounts.remove(caller.id)
    return Response(status_code=204)


@router.post("/me/password", status_code=204, response_class=Response)
def change_password(
    request: Request,
    caller: Annotated[Caller, signed_in],
    body: PasswordChange,
) -> Response:
    """Change one's password; all other sign-ins of the account end."""
    auth_of(request).accounts.change_password(caller, body.current, body.new)
    return Response(status_code=204)


def _pair(tokens: Tokens) -> Response:
    return json(
        {
            "token_type": "Bearer",
            "access_token": tokens.access,
            "expires_in": tokens.access_seconds,
            "refresh_token": tokens.refresh,
            "refresh_expires_in": tokens.refresh_seconds,
        }
    )
