/** What Harbour Bikes has set up: people, departments, texts, rules. */

import type { AccountLists } from "../chat_api/mod.ts";

/** Who answers chats; `id` and `name` return in chats, as text. */
export const AGENTS = [
  { id: 360786799676, name: "Priya", department: 0 },
  { id: 360786799801, name: "Tomás", department: 0 },
  { id: 361084605116, name: "Ingrid", department: 1 },
  { id: 361084605390, name: "Kwame", department: 2 },
] as const;

/** Where chats go. */
export const DEPARTMENTS = [
  { id: 7282618889231, name: "Sales" },
  { id: 7282640316815, name: "Workshop" },
  { id: 7282651220879, name: "Rentals" },
] as const;

/** What counts as success. */
export const GOALS = [
  { id: 513481, name: "Order placed" },
  { id: 513502, name: "Rental booked" },
] as const;

const EVERYTHING = {
  visitors_seen: "account",
  proactive_chatting: "listen-join",
  edit_visitor_information: true,
  edit_visitor_notes: true,
  edit_chat_tags: true,
  view_past_chats: "account",
  manage_bans: "account",
  access_analytics: "account",
  view_monitor: "account",
  edit_department_agents: "account",
  set_agent_chat_limit: "account",
  manage_shortcuts: "account",
};

/** Every list of the account that does not grow by the day. */
export const LISTS: Omit<
  AccountLists,
  "agent_timeline" | "agent_events" | "conversions" | "department_events"
> = {
  account: {
    account_key: "hB7dK2mQ9xT4vR1sW8zL5nC3pY6gJ0fA",
    status: "active",
    create_date: "2019-03-11T08:30:12Z",
    billing: {
      company: "Harbour Bikes Ltd",
      first_name: "Nell",
      last_name: "Okafor",
      email: "accounts@harbourbikes.example",
      phone: "",
      address1: "4 Quay Street",
      address2: "",
      city: "Bristol",
      state: "",
      postal_code: "BS1 4XX",
      country_code: "GB",
      additional_info: "",
      cycle: 12,
    },
    plan: {
      name: "enterprise",
      price: 70.0,
      max_agents: 8,
      goals: 5,
      max_basic_triggers: "unlimited",
      max_advanced_triggers: "unlimited",
      max_departments: "unlimited",
      max_concurrent_chats: "unlimited",
      max_history_search_days: "unlimited",
      widget_customization: "full",
      agent_leaderboard: true,
      agent_reports: true,
      analytics: true,
      chat_reports: true,
      daily_reports: true,
      email_reports: true,
      file_upload: true,
      high_load: false,
      integrations: true,
      ip_restriction: false,
      monitoring: true,
      operating_hours: true,
      rest_api: true,
      sla: false,
      support: true,
      unbranding: true,
      weekly_reports: true,
      short_desc: "Enterprise",
      long_desc: "Everything, for larger teams",
    },
  },
  agents: [
    ...AGENTS.map(({ id, name, department }, index) => ({
      id,
      email: `${["priya", "tomas", "ingrid", "kwame"][index]}@harbourbikes.example`,
      first_name: name,
      last_name: "",
      display_name: name,
      create_date: "2019-03-11T08:41:00Z",
      last_login: "2026-01-05T08:58:31Z",
      login_count: 412 + 97 * index,
      enabled: true,
      role_id: index === 0 ? 360002848976 : 360002848996,
      roles: { administrator: index === 0, owner: index === 0 },
      departments: [DEPARTMENTS[department].id],
      enabled_departments: [DEPARTMENTS[department].id],
      skills: index === 2 ? [1300601, 8565161] : [1300601],
    })),
    {
      id: 362290015533,
      email: "former.colleague@harbourbikes.example",
      first_name: "Sam",
      last_name: "Wilder",
      display_name: "Sam",
      create_date: "2020-11-17T23:55:24Z",
      last_login: null,
      login_count: 0,
      enabled: false,
      role_id: null,
      roles: { administrator: false, owner: false },
      departments: [],
      enabled_departments: [],
      skills: [],
    },
  ],
  bans: {
    visitor: [
      {
        id: 70519880,
        type: "visitor",
        visitor_id: "2315985.gCgOaEXpt6FNkZ",
        visitor_name: "Visitor 48213",
        reason: "Abusive",
        created_at: null,
      },
      {
        id: 70519884,
        type: "visitor",
        visitor_id: "2315985.gDkWvB1rQ7uLx2",
        visitor_name: "DEALS!!!",
        reason: "Spammer",
        created_at: "2025-02-03T10:15:09Z",
      },
    ],
    ip_address: [
      {
        id: 70519881,
        type: "ip_address",
        ip_address: "203.0.113.99",
        reason: "Spammer",
        created_at: "2021-04-21T14:42:46Z",
      },
      {
        id: 70519883,
        type: "ip_address",
        ip_address: "198.51.100.7",
        reason: "",
        created_at: "2023-09-30T23:59:59Z",
      },
      {
        id: 70519887,
        type: "ip_address",
        ip_address: "2001:db8::bad",
        reason: "Scraper",
        created_at: "2025-07-12T04:00:00Z",
      },
    ],
  },
  departments: DEPARTMENTS.map(({ id, name }, index) => ({
    id,
    name,
    description: ["New bikes and parts", "Repairs and services", ""][index] ?? "",
    enabled: true,
    members: AGENTS.filter(({ department }) => department === index).map((agent) => agent.id),
    settings: {
      chat_enabled: true,
      solved_ticket_reassignment_strategy: "",
      support_group_id: id,
    },
  })),
  goals: GOALS.map(({ id, name }, index) => ({
    id,
    name,
    description: "",
    enabled: true,
    attribution_model: "first_touch",
    attribution_period: 15,
    settings: {
      conditions: [{
        operator: "equals",
        type: "url",
        value: `https://harbourbikes.example/${["thank-you", "booked"][index]}`,
      }],
    },
  })),
  shortcuts: [
    {
      id: "bye",
      name: "bye",
      message: "Thank you for stopping by. Enjoy the ride! 🚲",
      options: "",
      tags: [],
      scope: "all",
    },
    {
      id: "hours",
      name: "hours",
      message: "We are open Monday to Saturday, 8 to 8.",
      options: "",
      tags: ["opening_hours"],
      scope: "all",
    },
    {
      id: "service",
      name: "service",
      message: "Shall I book a service for you?",
      options: "Yes/No",
      tags: ["service"],
      scope: "department",
      departments: [DEPARTMENTS[1].id],
    },
  ],
  triggers: [
    {
      id: 66052481,
      name: "Long stay",
      description: "Speaks to visitors who stay on a page",
      enabled: true,
      definition: {
        event: "page_enter",
        condition: ["and", ["stillOnPage", 60], ["not", ["firedBefore"]]],
        actions: [
          ["sendMessageToVisitor", "Harbour Bikes", "Can we help you choose?"],
          ["wait", 5],
          ["setTriggered", true],
        ],
        version: 1,
        editor: "advanced",
      },
    },
    {
      id: 66052497,
      name: "Nobody answers",
      description: "",
      enabled: false,
      definition: {
        event: "chat_requested",
        condition: ["and", ["eq", "@visitor_served", false], ["stillOnSite", 30]],
        actions: [["sendMessageToVisitor", "Harbour Bikes", "We will be with you soon."]],
      },
    },
  ],
  roles: [
    {
      id: 360002848976,
      name: "Administrator",
      description: "Everything",
      enabled: true,
      members_count: 1,
      permissions: EVERYTHING,
    },
    {
      id: 360002848996,
      name: "Agent",
      description: "",
      enabled: true,
      members_count: 3,
      permissions: {
        ...EVERYTHING,
        view_past_chats: "department",
        manage_bans: "none",
        access_analytics: "none",
        view_monitor: "none",
      },
    },
  ],
  skills: [
    {
      id: 1300601,
      name: "English",
      description: "",
      enabled: true,
      members: AGENTS.map(({ id }) => id),
    },
    {
      id: 8565161,
      name: "E-bikes",
      description: "Motors and batteries",
      enabled: true,
      members: [AGENTS[2].id],
    },
  ],
  routing_settings: {
    routing_mode: "assigned",
    chat_limit: { enabled: true, limit: 3, limit_type: "account", allow_agent_override: false },
    skill_routing: { enabled: true, max_wait_time: 30 },
    reassignment: { enabled: true, timeout: 30 },
    auto_idle: { enabled: false, reassignments_before_idle: 3, new_status: "away" },
    auto_accept: { enabled: false },
  },
};
