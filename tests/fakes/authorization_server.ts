/**
 * An OAuth server on loopback, with the two addresses of Zendesk Chat's. Whoever opens the
 * authorization URL allows access at once, unless the server is told to deny it; codes are good for
 * one use, and a client that is not confidential may not ask for a token of its own.
 */

import { TOKEN } from "./chat_api/mod.ts";

/** The API client that is registered unless a test sets another. */
export const CLIENT = { id: "harbour-client", secret: "harbour-secret-51" } as const;

/** How the server behaves. */
export interface FakeAuthorizationServerOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  consent?: "allow" | "deny";
  confidential?: boolean;
  /** What the client may ask for. */
  scopes?: readonly string[];
  /** Named in the token's answer when given. */
  expiresIn?: number;
  /** The next token to give; the one that the fake Chat API accepts when absent. */
  nextToken?(): string;
  /** The answer to every request for a token, in the place of the right one. */
  tokenAnswer?(form: URLSearchParams): Response;
}

/** A running server. */
export interface FakeAuthorizationServer extends AsyncDisposable {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  /** The parameters of each request for a token. */
  readonly forms: Record<string, string>[];
}

const AUTHORIZATION_PATH = "/oauth2/chat/authorizations/new";
const TOKEN_PATH = "/oauth2/chat/token";
const REDIRECT_REGEXP = /^http:\/\/localhost:\d+\/callback$/;

/** Starts a server. */
export function startFakeAuthorizationServer(
  options: FakeAuthorizationServerOptions = {},
): FakeAuthorizationServer {
  const { port = 0, scopes = ["read", "write"] } = options;
  const forms: Record<string, string>[] = [];
  /** The redirect URL that each unused code was made for. */
  const codes = new Map<string, string>();

  function authorize(params: URLSearchParams): Response {
    const redirectUri = params.get("redirect_uri") ?? "";
    if (params.get("client_id") !== CLIENT.id || !REDIRECT_REGEXP.test(redirectUri)) {
      return page(400, "The client or its redirect URL is not known here");
    }
    const back = new URL(redirectUri);
    back.searchParams.set("state", params.get("state") ?? "");
    const error = refusal(params);
    if (error === undefined) {
      const code = crypto.randomUUID();
      codes.set(code, redirectUri);
      back.searchParams.set("code", code);
    } else {
      back.searchParams.set("error", error);
    }
    return new Response(null, { status: 302, headers: { location: back.href } });
  }

  function refusal(params: URLSearchParams): string | undefined {
    if (params.get("response_type") !== "code") return "unsupported_response_type";
    if (!hasScopes(params)) return "invalid_scope";
    return options.consent === "deny" ? "access_denied" : undefined;
  }

  function hasScopes(params: URLSearchParams): boolean {
    return (params.get("scope") ?? "").split(" ").every((scope) => scopes.includes(scope));
  }

  function exchange(form: URLSearchParams): Response {
    if (options.tokenAnswer !== undefined) return options.tokenAnswer(form);
    const grant = form.get("grant_type");
    const known = form.get("client_id") === CLIENT.id &&
      form.get("client_secret") === CLIENT.secret;
    const trusted = grant !== "client_credentials" || options.confidential;
    if (!known || !trusted) return oauthError(401, "invalid_client");
    if (!hasScopes(form)) return oauthError(400, "invalid_scope");
    if (grant === "authorization_code") {
      const code = form.get("code") ?? "";
      const redirectUri = codes.get(code);
      codes.delete(code);
      if (redirectUri === undefined || redirectUri !== form.get("redirect_uri")) {
        return oauthError(400, "invalid_grant");
      }
    } else if (grant !== "client_credentials") {
      return oauthError(400, "unsupported_grant_type");
    }
    return Response.json({
      access_token: options.nextToken?.() ?? TOKEN,
      token_type: "Bearer",
      scope: form.get("scope"),
      ...(options.expiresIn !== undefined && { expires_in: options.expiresIn }),
    });
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "GET" && pathname === AUTHORIZATION_PATH) return authorize(searchParams);
    if (request.method !== "POST" || pathname !== TOKEN_PATH) return page(404, "Not here");
    const form = new URLSearchParams(await request.text());
    forms.push(Object.fromEntries(form));
    return exchange(form);
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  return {
    authorizationUrl: origin + AUTHORIZATION_PATH,
    tokenUrl: origin + TOKEN_PATH,
    forms,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function page(status: number, text: string): Response {
  const headers = { "content-type": "text/html" };
  return new Response(`<!DOCTYPE html><p>${text}</p>`, { status, headers });
}

function oauthError(status: number, error: string): Response {
  return Response.json({ error, error_description: `The server says ${error}` }, { status });
}
