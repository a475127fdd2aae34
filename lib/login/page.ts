/**
 * The page that the browser shows at the end of a login. It loads nothing, and its policy forbids
 * it to, so that the code in its address goes nowhere.
 */

/** What a page says. */
export interface Page {
  status: number;
  title: string;
  text: string;
}

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
p { overflow-wrap: anywhere; }`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "connection": "close",
};

/** The page of a login that has succeeded. */
export function successPage(text: string): Page {
  return {
    status: 200,
    title: "You are logged in",
    text: `${text} You can close this window.`,
  };
}

/** The page of a login that has failed. */
export function failurePage(text: string): Page {
  return { status: 400, title: "The login has failed", text };
}

/** The page for a request that does not belong to the login. */
export function strayPage(problem: string): Page {
  return {
    status: 400,
    title: "This is not the answer the login waits for",
    text: `The request was refused: ${problem}. The login still waits: open the URL that ` +
      "tap-zendesk-chat has printed.",
  };
}

/** The page for any other address. */
export const ELSEWHERE_PAGE: Page = {
  status: 404,
  title: "There is nothing here",
  text: "Open the URL that tap-zendesk-chat has printed.",
};

/** The page as the answer to a request. */
export function pageResponse({ status, title, text }: Page): Response {
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)} – tap-zendesk-chat</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(text)}</p>
</body>
</html>
`;
  return new Response(html, { status, headers: HEADERS });
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
