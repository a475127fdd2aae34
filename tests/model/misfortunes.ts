/** What may go wrong with the requests for chats in one night, drawn at random. */

import type { Json } from "../../lib/json.ts";
import type { ApiRequest, Behaviour, Fault } from "../fakes/chat_api/mod.ts";
import type { Draw } from "../fakes/sample_account/random.ts";
import { parseQuery } from "../fakes/stub_search.ts";

/** One kind of misfortune. */
export interface Misfortune {
  name: string;
  faults?: Fault[];
  behaviour?: Partial<Behaviour>;
}

// deno-lint-ignore no-explicit-any
type Body = any;

type Sort = (draw: Draw) => Misfortune;

const always = { times: Infinity };

const SORTS: Record<string, Sort> = {
  "searches list less than they count": (draw) => {
    const share = draw.one([0.05, 0.4, 1]);
    const alter = (body: Body) => ({
      ...body,
      results: body.results.filter(() => !draw.happens(share)),
      next_url: draw.happens(0.2) ? null : body.next_url,
    });
    return { name: `lists lack ${share}`, faults: [{ ...search(draw), ...always, alter }] };
  },
  "searches count more than there is": (draw) => {
    const more = draw.one([1, 30, 3_000, 20_000]);
    const alter = (body: Body) => ({ ...body, count: body.count + more });
    return { name: `counts ${more} too many`, faults: [{ ...search(draw), ...always, alter }] };
  },
  "bulk answers lack documents": (draw) => {
    const share = draw.one([0.1, 0.4, 0.9, 1]);
    const odd = draw.one<Json[]>([null, {}, "text"]);
    const alter = (body: Body) => ({
      ...body,
      docs: Object.fromEntries(
        Object.entries(body.docs).map(([id, doc]) => [id, draw.happens(share) ? odd : doc]),
      ),
    });
    return { name: `documents lack ${share}`, faults: [{ on: "/chats", ...always, alter }] };
  },
  "documents have no id": () => {
    const alter = (body: Body) => ({
      ...body,
      docs: Object.fromEntries(
        Object.entries(body.docs as Record<string, Body>).map(([id, doc]) => {
          return [id, doc === null ? null : { ...doc, id: undefined }];
        }),
      ),
    });
    return { name: "documents without id", faults: [{ on: "/chats", ...always, alter }] };
  },
  "wide windows are refused": (draw) => {
    const widest = draw.one([6 * 3_600, 86_400, 31 * 86_400]);
    const status = draw.one([400, 413, 414, 422, 504]);
    const on = ({ path, params }: ApiRequest) => {
      if (path !== "/chats/search" || params.page !== undefined) return false;
      const { from, to } = parseQuery(params.q!);
      return to - from > widest;
    };
    return { name: `${status} beyond ${widest} s`, faults: [{ on, status, ...always }] };
  },
  "later pages are refused": (draw) => {
    const from = draw.whole(2, 3);
    const on = ({ params }: ApiRequest) => Number(params.page ?? 1) >= from;
    return { name: `400 from page ${from}`, faults: [{ on, status: 400, ...always }] };
  },
  "export pages are cut": (draw) => {
    const rows = draw.one([1, 7, 100]);
    return { name: `${rows} rows a page`, behaviour: { exportPageRows: rows } };
  },
  "export rows are ids": () => {
    const alter = (body: Body) => ({ ...body, chats: body.chats.map(({ id }: Body) => ({ id })) });
    return { name: "ids alone", faults: [{ on: "/incremental/chats", ...always, alter }] };
  },
  "export pages lose their cursor": (draw) => {
    const end_time = draw.one<Json[]>([null, 0, 5]);
    const alter = (body: Body) => draw.happens(0.5) ? { ...body, end_time } : body;
    return {
      name: `end_time ${end_time}`,
      faults: [{ on: "/incremental/chats", ...always, alter }],
    };
  },
  "some requests fail": (draw) => {
    const share = draw.one([0.05, 0.3]);
    const status = draw.one([429, 500, 503]);
    const on = () => draw.happens(share);
    return { name: `${status} at ${share}`, faults: [{ on, status, ...always }] };
  },
  "connections break": (draw) => {
    const on = () => draw.happens(0.1);
    return { name: "hang-ups", faults: [{ on, ending: "close", ...always }] };
  },
  "the API goes down": (draw) => {
    const after = draw.whole(0, 25);
    const status = draw.one([403, 500]);
    return { name: `${status} from request ${after}`, faults: [{ after, status, ...always }] };
  },
};

/** Those that a tap does not notice unless it looks for them. */
const LOSING = ["searches list less than they count", "bulk answers lack documents"];

/** The misfortunes of a night: none, or up to three. */
export function drawMisfortunes(draw: Draw): Misfortune[] {
  const count = draw.one([0, 1, 1, 2, 3]);
  const names = [...Object.keys(SORTS), ...LOSING, ...LOSING];
  return Array.from({ length: count }, () => SORTS[draw.one(names)!]!(draw));
}

/** All searches of a night, or those of one kind. */
function search(draw: Draw): Pick<Fault, "on"> {
  const kind = draw.one(["type:", "type:chat", "type:offline_msg"]);
  return { on: ({ path, params }) => path === "/chats/search" && params.q!.startsWith(kind) };
}
