/**
 * Where a person allows access. Chat has an OAuth server of its own: the path without `chat` is that
 * of Zendesk Support, whose tokens Chat refuses.
 */

/** That address for an account. */
export function defaultAuthorizationUrl(subdomain: string): string {
  return `https://${subdomain}.zendesk.com/oauth2/chat/authorizations/new`;
}

/** What the OAuth server is told about a login. */
export interface Authorization {
  authorizationUrl: string;
  clientId: string;
  redirectUri: string;
  scope: string;
  /** Comes back with the answer and proves that it belongs to this login. */
  state: string;
  subdomain: string;
}

/** The URL that a person opens to allow access. */
export function authorizeUrl(
  { authorizationUrl, clientId, redirectUri, scope, state, subdomain }: Authorization,
): string {
  const url = new URL(authorizationUrl);
  url.search = new URLSearchParams({
    response_type: "code",
    redirect_uri: redirectUri,
    client_id: clientId,
    scope,
    state,
    subdomain,
  }).toString();
  return url.href;
}
