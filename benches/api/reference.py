"""The compared endpoints in FastAPI and SQLAlchemy 2, as their tutorials write them.

A session per request, ORM objects, pydantic models, and a token verified in a dependency. Well-known optimizations are
applied: no overflow connections, no refresh of objects after a commit, and no query for the user of a token. Sessions
are opened in the endpoints: the session of a dependency is returned to the pool only when another thread is free, which
deadlocks until the pool timeout if all threads wait for the pool.
"""

import hashlib
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timezone
from decimal import Decimal
from typing import Annotated

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, Numeric, String, Uuid
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

SECRET = os.environ["SECRET_KEY"]
TOKEN_SECONDS = 15 * 60

engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0)
make_session = sessionmaker(engine, expire_on_commit=False)

if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def set_up(connection, _record) -> None:
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


# --- SQLite representations of PostgreSQL types ---


class Cents(TypeDecorator):
    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else int(value * 100)

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value).scaleb(-2)


class InstantText(TypeDecorator):
    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value, dialect):
        return None if value is None else datetime.fromisoformat(value)


Key = BigInteger().with_variant(Integer(), "sqlite")
Money = Numeric(14, 2).with_variant(Cents(), "sqlite")
Instant = DateTime(timezone=True).with_variant(InstantText(), "sqlite")
UserKey = Uuid(as_uuid=False).with_variant(String(36), "sqlite")


def now() -> datetime:
    return datetime.now(timezone.utc)


# --- tables ---


class Base(DeclarativeBase):
    pass


class Organization(Base):
    __tablename__ = "organizations"
    id: Mapped[int] = mapped_column(Key, primary_key=True)


class User(Base):
    __tablename__ = "users"
    id: Mapped[str] = mapped_column(UserKey, primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    email: Mapped[str] = mapped_column(String)
    password_hash: Mapped[str | None] = mapped_column(String)
    role: Mapped[str] = mapped_column(String)


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    name: Mapped[str] = mapped_column(String)
    phone: Mapped[str | None] = mapped_column(String)
    email: Mapped[str | None] = mapped_column(String)
    address: Mapped[str | None] = mapped_column(String)
    credit_limit: Mapped[Decimal] = mapped_column(Money, default=Decimal("0.00"))
    current_balance: Mapped[Decimal] = mapped_column(Money, default=Decimal("0.00"))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Activity(Base):
    __tablename__ = "activities"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[str | None] = mapped_column(UserKey, ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String)
    title: Mapped[str] = mapped_column(String)
    entity_type: Mapped[str | None] = mapped_column(String)
    entity_id: Mapped[str | None] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)


# --- request and response models ---


class Login(BaseModel):
    email: str
    password: str


class Tokens(BaseModel):
    access_token: str
    token_type: str = "bearer"


class NewCustomer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=200)]
    phone: Annotated[str | None, Field(max_length=50)] = None
    email: Annotated[str | None, Field(max_length=320, pattern=r"^[^@\s]+@[^@\s]+$")] = None
    address: str | None = None
    credit_limit: Annotated[Decimal, Field(max_digits=14, decimal_places=2)] = Decimal("0.00")


class CustomerView(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    organization_id: int
    name: str
    phone: str | None
    email: str | None
    address: str | None
    credit_limit: Decimal
    current_balance: Decimal
    is_active: bool
    created_at: datetime


class CustomerPage(BaseModel):
    items: list[CustomerView]
    next: str | None


class Caller(BaseModel):
    user_id: str
    organization_id: int
    role: str


# --- dependencies ---


bearer = HTTPBearer()


async def get_caller(credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> Caller:
    try:
        claims = jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"], issuer="backoffice")
        return Caller(user_id=claims["sub"], organization_id=claims["org"], role=claims["role"])
    except (jwt.InvalidTokenError, KeyError):
        raise HTTPException(401, "not signed in") from None


CallerOf = Annotated[Caller, Depends(get_caller)]

app = FastAPI()


def etag(view: CustomerView) -> str:
    return f'"{hashlib.sha256(view.model_dump_json().encode()).hexdigest()[:32]}"'


def to_cursor(key: int) -> str:
    return urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> int:
    try:
        return int(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise HTTPException(400, "not a cursor of this list") from None


@app.post("/api/auth/login")
def login(body: Login) -> Tokens:
    with make_session() as session:
        user = session.scalar(select(User).where(User.email == body.email.lower()))
    try:
        PasswordHasher().verify(user.password_hash if user and user.password_hash else "", body.password)
    except Argon2Error:
        raise HTTPException(401, "wrong e-mail or password") from None
    issued = int(time.time())
    claims = {"sub": user.id, "org": user.organization_id, "role": user.role, "iss": "backoffice"}
    claims |= {"iat": issued, "exp": issued + TOKEN_SECONDS}
    return Tokens(access_token=jwt.encode(claims, SECRET, algorithm="HS256"))


@app.get("/api/customers")
def list_customers(
    caller: CallerOf, limit: Annotated[int, Query(ge=1, le=500)] = 50, cursor: str | None = None
) -> CustomerPage:
    query = select(Customer).where(Customer.organization_id == caller.organization_id)
    if cursor is not None:
        query = query.where(Customer.id > from_cursor(cursor))
    with make_session() as session:
        rows = session.scalars(query.order_by(Customer.id).limit(limit + 1)).all()
    more = to_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return CustomerPage.model_validate({"items": rows[:limit], "next": more})


@app.get("/api/customers/{customer_id}")
def read_customer(customer_id: int, response: Response, caller: CallerOf) -> CustomerView:
    query = select(Customer).where(Customer.id == customer_id, Customer.organization_id == caller.organization_id)
    with make_session() as session:
        customer = session.scalar(query)
    if customer is None:
        raise HTTPException(404, "no such customer")
    view = CustomerView.model_validate(customer)
    response.headers["ETag"] = etag(view)
    return view


@app.post("/api/customers", status_code=201)
def create_customer(body: NewCustomer, response: Response, caller: CallerOf) -> CustomerView:
    customer = Customer(organization_id=caller.organization_id, **body.model_dump())
    with make_session.begin() as session:
        session.add(customer)
        session.flush()
        session.add(
            Activity(
                organization_id=caller.organization_id,
                user_id=caller.user_id,
                kind="customer.created",
                title=body.name,
                entity_type="customer",
                entity_id=str(customer.id),
            )
        )
    view = CustomerView.model_validate(customer)
    response.headers["Location"] = f"/api/customers/{customer.id}"
    response.headers["ETag"] = etag(view)
    return view
