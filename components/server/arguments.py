"""The arguments of ``RemoteMcpServer``: the keys of ``schemas/stack-config.json``. `make docs` makes them.

Other languages get them with the same descriptions. All are plain: they decide what is declared.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict


class Upstream(TypedDict, total=False):
    """The OpenID Connect provider where users sign in, a JSON object. If null, nobody signs in and only machine clients exist."""

    issuer: Required[str]
    """The provider's issuer identifier, exactly as its discovery document states it; a trailing slash counts. An https URL without query and fragment, or http:// for localhost and 127.0.0.1."""
    client_id: Required[str]
    """The id of the client that you registered at the provider for this server. Its redirect URI is the public URL followed by /callback."""
    scopes: Sequence[str]
    """The scopes to request from the provider, a JSON array with openid among them. Default: `["openid", "email", "profile"]`."""
    subject_claim: str
    """The claim that identifies a user permanently: sub, or oid for Entra ID. Not email or preferred_username: both can change or pass to another user. Default: `"sub"`."""
    groups_claim: str
    """The claim that lists a user's groups. Default: `"groups"`."""
    allowed_email_domains: Sequence[str]
    """Who may sign in: users with a verified e-mail address in one of these domains, a JSON array in lower case; subdomains are not included. At Google, the account must belong to the Workspace of one of them. If empty, the address does not matter. Default: `[]`."""
    allowed_groups: Sequence[str]
    """Who may sign in: users in one of these groups, a JSON array written as in the groups claim. If empty, groups do not matter. Default: `[]`."""
    trusted_audiences: Sequence[str]
    """The values that an ID token may have in aud besides the client id, a JSON array: the project id for Zitadel, https://identity.oraclecloud.com/ for Oracle. A token with any other audience is refused. Default: `[]`."""
    token_auth_method: str
    """How the client secret travels to the provider's token endpoint: client_secret_basic (a header) or client_secret_post (the body). If null, the header if the discovery document announces it, otherwise the body."""


class ReservedConcurrency(TypedDict, total=False):
    """How many instances of a function may run at the same time: a JSON object that maps authorizer, mcp, oauth, login, worker or rotation to a number. No other function of the account can use them. Clients get 503 beyond it; 0 switches a function off."""

    authorizer: int
    """instances of the function that verifies access tokens"""
    mcp: int
    """instances of the function behind the MCP endpoint"""
    oauth: int
    """instances of the authorization server"""
    login: int
    """instances of the function that signs users in"""
    worker: int
    """instances of the function that runs tasks"""
    rotation: int
    """instances of the function that rotates the signing key, which the first deployment needs"""


class ProvisionedConcurrency(TypedDict, total=False):
    """How many instances of a function Lambda keeps initialized, so that their first request is not a cold start: a JSON object that maps authorizer, mcp, oauth, login or worker to a number. AWS bills them around the clock. Needs release all-at-once."""

    authorizer: int
    """instances of the function that verifies access tokens"""
    mcp: int
    """instances of the function behind the MCP endpoint"""
    oauth: int
    """instances of the authorization server"""
    login: int
    """instances of the function that signs users in"""
    worker: int
    """instances of the function that runs tasks"""


class RemoteMcpServerArgs(TypedDict, total=False):
    """What a server is made of."""

    edge: str
    """What clients connect to. cloudfront: a CloudFront distribution in front of the API, with a domain name of its own or with domainName. domain: a custom domain of API Gateway, domainName. external: a CDN or proxy of yours at publicUrl. none: the API Gateway stage itself, where clients that look for metadata at the root of the host fail, claude.ai, Claude Code and old versions of mcp-remote among them. If null, cloudfront; in the partitions aws-cn (China), aws-us-gov (GovCloud) and every other one than aws, none."""
    public_url: str
    """The URL of your own CDN or proxy, which edge external needs and no other edge takes: https://host[:port], with the host in lower case and no path, trailing slash, query or fragment. Map its root to the stage. http:// is for the local stack: http://localhost and http://127.0.0.1 are allowed with every edge."""
    domain_name: str
    """The host name that clients connect to, in lower case: mcp.example.com. edge domain needs it; edge cloudfront takes it, and without it uses the domain name that CloudFront gives. It needs certificateArn."""
    certificate_arn: str
    """The ARN of the ACM certificate for domainName: in the region of the stack for edge domain, in us-east-1 for edge cloudfront."""
    hosted_zone_id: str
    """The id of the Route 53 hosted zone that gets the record for domainName: Z0123456789ABC. If null, point the domain name to the output edge_target yourself."""
    truststore_uri: str
    """The bundle of certificate authorities (PEM) whose client certificates the custom domain accepts: s3://bucket/key. Only with edge domain. It shuts out every client without a certificate: hosted clients such as claude.ai and ChatGPT, and the browsers in which users sign in. If null, no client needs a certificate."""
    wait_for_distribution: bool
    """Whether pulumi up waits until all locations of CloudFront have a change, which takes minutes. If false, it returns earlier: a new server may not answer yet, and locations may still use the previous settings. Only with edge cloudfront. Default: `false`."""
    edge_key_generation: int
    """Which of two valid API keys the distribution sends to API Gateway. To replace a key without downtime, raise this by one: the distribution sends the other key. Once all its locations do, raise it by one again: the first key ends and a new one takes its place. Only with edge cloudfront. Default: `1`."""
    firewall: str
    """The AWS WAF web ACL in front of the server: on the distribution for edge cloudfront, on the stage for the other edges. none: no firewall. create: a web ACL with the managed groups for IP reputation, common attacks and known bad inputs, tuned so that OAuth and MCP pass, and with rate limits; it costs about 16 USD a month and a fee for each request, and edge external does not take it. Otherwise the ARN of a web ACL of yours, of scope CLOUDFRONT for edge cloudfront and of scope REGIONAL for the others. Default: `"none"`."""
    allowed_cidrs: Sequence[str]
    """The networks from which clients may connect, as a JSON array in CIDR notation: ["192.0.2.0/24", "2001:db8::/32"]. Everybody else gets 403, users' browsers and hosted clients included; docs/network.md lists where those come from. With edge cloudfront they are a rule of the web ACL, which exists for them alone if firewall is none (about 6 USD a month). With the other edges they are a policy of the API, which costs nothing; with edge external, the networks are those of your CDN. If empty, everybody may connect. Default: `[]`."""
    stage_name: str
    """The name of the API Gateway stage, which is the first path segment of its URL: 1 to 128 letters, digits, hyphens and underscores. If null, the name of the Pulumi stack."""
    architecture: str
    """The processor architecture of the functions. Default: `"arm64"`."""
    python_version: str
    """The Python that the functions run on, which must be the Python that runs this program. Quote it in YAML. Lambda ends 3.11 on 2027-06-30, 3.12 on 2028-10-31, and 3.13 and 3.14 on 2029-06-30. Default: `"3.14"`."""
    memory_size: int
    """The memory of each function, in MB. More memory also gives more processor time. Default: `512`."""
    timeout_seconds: int
    """How long a function may take to answer a request, in seconds. API Gateway waits 29 seconds at most. Default: `29`."""
    worker_timeout_seconds: int
    """How long a task may run before it must end or ask its client, in seconds. Lambda allows 900 at most. Default: `900`."""
    log_retention_days: int
    """How many days CloudWatch keeps the logs of the functions and the API. Default: `7`."""
    audit_retention_days: int
    """How many days CloudWatch keeps the audit log, which holds one line per security event, and how long the files of the trail are locked and kept. Default: `365`."""
    trail: bool
    """Whether CloudTrail records every call of the functions, the table and the secrets, and every change in the account, into a bucket that stays when the stack is destroyed. Files are kept for auditRetentionDays, and nobody without a special permission can delete them earlier. CloudTrail bills each event of functions and table, and management events if the account already has a trail. Default: `false`."""
    log_destination_arn: str
    """The ARN of what receives all logs besides CloudWatch: a Firehose stream, a Kinesis data stream or a Lambda function in the account and region of the stack, or a destination of CloudWatch Logs in its region. If null, nothing does."""
    log_level: str
    """The least severe level that the functions log. Default: `"INFO"`."""
    point_in_time_recovery: bool
    """Whether you can restore the table to any second of the last 35 days. Default: `true`."""
    deletion_protection: bool
    """Whether pulumi destroy stops before it deletes anything: the table, the secrets, the audit log, the REST API, the KMS key and the bucket of the trail are protected, the table and the audit log refuse deletion, and deleted secrets and a deleted key can be restored for 30 days. Default: `false`."""
    kms_key: str
    """What encrypts the table, the secrets, the log groups, the alarm topic and the files of the trail. none: the own keys of these services, which cost nothing. create: a KMS key of this stack, which costs 1 USD a month and rotates every year. Or the ARN of a KMS key in the region of the stack, whose policy must let these services use it. Default: `"none"`."""
    existing_table: str
    """The name of a table in the account and region of the stack that it uses instead of its own: one restored from a backup, or one that another team made. The stack's own table stays, unused, until you remove the key. If null, the stack's own table."""
    existing_signing_key: str
    """The ARN of a secret in the region of the stack that holds the keys for access tokens, instead of one that the stack makes. The stack creates a key in it if it has none, and rotates it. If null, the stack makes a secret."""
    existing_upstream_secret: str
    """The ARN of a secret in the region of the stack that holds the client secret at the identity provider as plain text, instead of one that the stack makes. It needs upstream. If null, the stack makes a secret."""
    access_token_lifetime_seconds: int
    """How long an access token is valid, in seconds. At most a day, so that no token outlives the key that signed it. Default: `3600`."""
    refresh_token_days: int
    """After how many days a user must sign in again, however often a client was used. No refresh token lives longer. Default: `90`."""
    refresh_token_idle_days: int
    """After how many days an unused refresh token expires. Each use gives the client a new one. Default: `14`."""
    refresh_token_grace_seconds: int
    """How long a replaced refresh token still returns its successor, in seconds. Programs that share it may use it at the same moment, and a client that lost the response may repeat its request. Later use ends the grant. If 0, any second use ends it. Default: `60`."""
    authorizer_cache_seconds: int
    """How long API Gateway caches the decision on a token, in seconds. A token can work this long after its client was deleted. At least 1: without a cache, API Gateway does not answer 401 by itself to a request without a token. Default: `60`."""
    signing_key_rotation_days: int
    """After how many days the key that signs access tokens is replaced. The previous key verifies tokens until the next rotation. At least 2, because two rotations can come hours closer together. Default: `30`."""
    registration: str
    """Who may register a client (dynamic client registration, which MCP 2026-07-28 deprecates in favour of client ID metadata documents). open: anybody. token: clients with an initial access token. closed: nobody. Default: `"open"`."""
    machine_clients: str
    """Who may register a client that acts for itself, with the grant client_credentials and without a user. open: every client that may register. token: clients with an initial access token, even if registration is open. closed: nobody. It applies to every new access token, so also to clients that registered before. If null, token if upstream is set, otherwise open."""
    machine_scopes: Sequence[str]
    """The scopes that a client can get for itself: a JSON array of names in scopes, which include the scopes that they imply. If null, the base scope."""
    max_redirect_uris: int
    """How many redirect URIs a client may register. Default: `20`."""
    private_use_schemes: Sequence[str]
    """The schemes that a redirect URI may have besides reversed domain names (com.example.app), a JSON array. The default lists widely used MCP clients. Such a redirect URI must name an application after ://. Default: `["claude", "cursor", "kiro", "raycast", "trae", "vscode", "vscode-insiders", "vscodium", "warp", "windsurf", "zed"]`."""
    unused_client_days: int
    """After how many days without a new token a client expires, together with everything issued to it. A client that registered without an initial access token and never got a token expires after one day. Default: `90`."""
    client_secret_days: int
    """After how many days a client secret expires. A client gets a new one when it updates itself at its registration_client_uri. If null, never."""
    registrations_per_hour: int
    """How many clients one source address (for IPv6, one /64 network) may register or update within an hour. The server answers the rest with 429. This is a ceiling against floods, because a hosted client registers for all its users from a few addresses. With edge external, the source address is that of your CDN, so allow more. Default: `10000`."""
    failed_authentications_per_minute: int
    """How many authentications of one client may fail within a minute. The server answers further failures with 429. A correct authentication always succeeds. Default: `20`."""
    authorizations_per_minute: int
    """How many logins one source address (for IPv6, one /64 network) may start within a minute. The same limit applies to the requests that public clients push from there, and to the requests that one confidential client pushes from anywhere. The server answers the rest with 429. With edge external, the source address is that of your CDN, so allow more. Default: `60`."""
    upstream: Upstream
    """The OpenID Connect provider where users sign in, a JSON object. If null, nobody signs in and only machine clients exist."""
    client_id_metadata_documents: Sequence[str]
    """The hosts whose metadata documents the server accepts as clients. The id of such a client is the https URL of its document, and it does not register. A JSON array: client.example.com (with :port if it is not 443), *.example.com for all hosts below it, ["*"] for every public host, or [] for none. If null, every host if registration is open, otherwise none."""
    software_statement_issuers: Mapping[str, Any]
    """The issuers whose signed client metadata counts (RFC 7591, 2.3): a JSON object that maps an issuer to a JSON Web Key Set or to the https URL of one. If empty, a registration with a software statement is refused. Key sets count towards the 4 KB that Lambda allows for a function's settings. Default: `{}`."""
    throttle_rate_limit: float
    """How many requests per second the stage accepts. It answers the rest with 429. Default: `500`."""
    throttle_burst_limit: int
    """How many requests above the rate the stage accepts at the same time. Default: `1000`."""
    scopes: Mapping[str, str]
    """The OAuth scopes that clients can get: a JSON object that maps each name to a description, with at least one scope. A name consists of letters, digits and . _ : / - characters, and is not offline_access, which asks for a refresh token. At most 2000 bytes as JSON. Default: `{"mcp": "Use the tools and resources of this server"}`."""
    scope_implies: Mapping[str, Sequence[str]]
    """Which scopes include others: a JSON object that maps a name to an array of names, all of them in scopes, without cycles. With {"mcp": ["mcp:read"]}, a token with mcp can do everything that mcp:read allows. At most 1000 bytes as JSON after it is expanded. Default: `{}`."""
    base_scope: str
    """The scope that every client gets, with what it implies. One of the names in scopes. If null, the first one; the Pulumi CLI sorts an object's names alphabetically."""
    challenge_scopes: Sequence[str]
    """The scopes that the 401 challenge names, and that most clients then ask for: a JSON array of names in scopes. A client that may not have all of them gets those that it may have. If null, all scopes."""
    allowed_origins: Sequence[str]
    """The values of the Origin header that /mcp accepts besides its own origin, a JSON array of scheme://host[:port], or ["*"] for every origin. A server on loopback (localhost, 127.0.0.1) also accepts every origin there. Clients that are not web pages send no Origin and are always accepted. At most 2500 bytes as JSON. Default: `[]`."""
    server_name: str
    """The name that MCP clients and users see: 1 to 64 letters, digits, spaces and . _ - characters. Default: `"remote-mcp"`."""
    server_title: str
    """The name of the server for people, in clients, directories and on the login pages: 1 to 64 characters. If null, the login pages show serverName."""
    website_url: str
    """The https URL of a website about the server, for MCP clients and the login pages."""
    documentation_url: str
    """The https URL of what developers and users read about the server, for its metadata and the login pages."""
    policy_url: str
    """The https URL of the policy on how data is used, for the server's metadata and the login pages."""
    terms_url: str
    """The https URL of the terms of service, for the server's metadata and the login pages."""
    logo: str
    """The logo for MCP clients and the login pages: the path of a PNG, WebP or SVG file of at most 16 KiB, from the root of this project. An SVG may only draw: no scripts, no links, nothing from elsewhere."""
    app_module: str
    """The module with the app to serve, as a dotted path from the root of this project. Default: `"runtime.app"`."""
    app_directory: str
    """The folder with your tools, which takes the place of runtime/app: a path from the working directory of the program that declares the server. Its __init__.py defines the app, and its modules import each other as runtime.app. If null, runtime/app of this project."""
    app_needs: str
    """The file that declares what your tools need, such as permissions, secrets and a network: a path from the working directory of the program that declares the server. none: no file. If null, needs.py beside the project file, or with appDirectory in the folder that holds that directory; if there is none, the tools need nothing."""
    app_config: Mapping[str, Any]
    """What your needs file reads with needs.config: a JSON object. needs.schema.json beside that file may say what is allowed. A stack of this project sets its members as keys of the namespace app instead: pulumi config set app:KEY VALUE. Default: `{}`."""
    package_boto3: bool
    """Whether to package boto3, in the version that requirements.txt pins, for the functions that use it. Their archives become about 17 MB larger and their cold starts longer. If false, they use the older version of Lambda's runtime. Default: `false`."""
    reserved_concurrency: ReservedConcurrency
    """How many instances of a function may run at the same time: a JSON object that maps authorizer, mcp, oauth, login, worker or rotation to a number. No other function of the account can use them. Clients get 503 beyond it; 0 switches a function off. Default: `{}`."""
    provisioned_concurrency: ProvisionedConcurrency
    """How many instances of a function Lambda keeps initialized, so that their first request is not a cold start: a JSON object that maps authorizer, mcp, oauth, login or worker to a number. AWS bills them around the clock. Needs release all-at-once. Default: `{}`."""
    release: str
    """How a new version of the functions gets requests: "all-at-once" with pulumi up, or "canary" in steps, with the command python -m admin release after pulumi up. Default: `"all-at-once"`."""
    alarm_email: str
    """An e-mail address that receives alarms, after its owner confirms the subscription. If null, nobody receives them."""
    alarm_topic_arn: str
    """The ARN of an existing SNS topic in the region of the stack that receives alarms, instead of a topic of the stack's own: arn:aws:sns:eu-central-1:123456789012:alarms. Its policy must let CloudWatch publish. Not together with alarmEmail."""
    monitoring: str
    """What alarms watch. basic: each failed, throttled or slow function, and each server error, rings. full: objectives for the availability and the latency of /mcp and of logins, failing sign-ins and unusual registrations as well; then an alarm on a single failed request only shows on the dashboard. It costs about 5 USD a month more, and 7 with requests. Default: `"basic"`."""
    duration_alarm_milliseconds: int
    """An alarm rings if the 99th percentile of a function's duration exceeds this value, in milliseconds, for three periods of 5 minutes in a row. With monitoring full, a request that takes longer counts as slow. For the worker and the rotation, the limit is nine tenths of their timeout. Default: `10000`."""
    authorizer_denials_alarm: int
    """An alarm rings if the authorizer denies more tokens than this within 5 minutes. Default: `100`."""
    tracing: bool
    """Whether API Gateway and the functions send traces to AWS X-Ray, which bills them. Default: `false`."""
    manage_api_gateway_account: bool
    """Whether this stack sets the role that API Gateway writes logs with. It is one setting per account and region, shared by all REST APIs there: two stacks that set it overwrite each other. If false, run python -m admin set-gateway-role once. Default: `false`."""
    permissions_boundary: str
    """The ARN of the IAM policy that bounds the permissions of all roles of the stack. If null, nothing bounds them but their own policies."""
    role_path: str
    """The IAM path of all roles of the stack, which starts and ends with a slash: /teams/platform/. Another path replaces the roles. Default: `"/"`."""
    tags: Mapping[str, str]
    """Tags for every resource, in addition to project and stack: a JSON object of strings (quote numbers). No name starts with aws:, in upper or lower case. Names and values consist of letters, digits, spaces and . _ : / = + - @ characters. Names, also those in aws:defaultTags, must differ in more than case. Default: `{}`."""
