// A client of the official TypeScript SDKs that is given nothing but an MCP URL:
// `node client.mjs PACKAGE ERA URL [TOKENS]`.
//
// It says as a line of JSON where a user has to go, reads as another one what that came back with, and says last what
// the tool `whoami` answered. It calls the tool again and again until it has had as many access tokens as TOKENS says.

import { createInterface } from "node:readline/promises";

const [, , sdk, era, mcpUrl, tokens = "1"] = process.argv;
const { Client, StreamableHTTPClientTransport, UnauthorizedError } = await load(sdk);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function load(name) {
  if (name === "client") return import("@modelcontextprotocol/client");
  return {
    ...(await import("@modelcontextprotocol/sdk/client/index.js")),
    ...(await import("@modelcontextprotocol/sdk/client/streamableHttp.js")),
    ...(await import("@modelcontextprotocol/sdk/client/auth.js")),
  };
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

// What the interface of both packages asks for, kept in memory.
class Provider {
  redirectUrl = "http://localhost:3031/callback";
  clientMetadata = {
    client_name: "TypeScript SDK",
    redirect_uris: [this.redirectUrl],
    grant_types: ["authorization_code", "refresh_token"],
  };
  clientInformation = () => this.registered;
  saveClientInformation = (registered) => void (this.registered = registered);
  tokens = () => this.kept;
  count = 0;
  saveTokens = (tokens) => {
    this.kept = tokens;
    this.count += 1;
  };
  codeVerifier = () => this.verifier;
  saveCodeVerifier = (verifier) => void (this.verifier = verifier);
  redirectToAuthorization = (url) => say({ open: url.href });
}

function connecting(authProvider) {
  const options = era === "legacy" ? {} : { versionNegotiation: { mode: { pin: era } } };
  const client = new Client({ name: "test", version: "1" }, options);
  return [client, new StreamableHTTPClientTransport(new URL(mcpUrl), { authProvider })];
}

const provider = new Provider();
const [first, transport] = connecting(provider);
try {
  await first.connect(transport);
  throw new Error("the server let a client in that has no token");
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
}
const answer = JSON.parse((await lines.next()).value);
// The older package takes the code alone, the newer one all that came back, and checks the issuer in it (RFC 9207).
await transport.finishAuth(sdk === "client" ? new URLSearchParams(answer) : answer.code);
const [client, authorized] = connecting(provider);
await client.connect(authorized);
let result = await client.callTool({ name: "whoami", arguments: {} });
while (provider.count < Number(tokens)) {
  await new Promise((resolve) => setTimeout(resolve, 300));
  result = await client.callTool({ name: "whoami", arguments: {} });
}
say({ whoami: result.structuredContent });
await client.close();
process.exit(0);
