/** The fields of the Python tap's streams with their types: facts of its discovery, as a table. */

/** For each stream: types in their order, then the paths of that type, separated by spaces. */
export type TypeTable = Record<string, Record<string, string>>;

/** Every field of the Python tap. */
export const PYTHON_TYPES: TypeTable = {
  account: {
    "string": "account_key",
    "null string date-time": "create_date",
    "null string": `status
      billing.address1 billing.address2 billing.email billing.additional_info billing.city
      billing.state billing.last_name billing.first_name billing.company billing.postal_code
      billing.country_code
      plan.max_history_search_days plan.max_concurrent_chats plan.max_departments
      plan.max_advanced_triggers plan.max_basic_triggers plan.long_desc plan.short_desc
      plan.widget_customization plan.name`,
    "null integer": "plan.goals plan.max_agents",
    "null number": "plan.price",
    "null boolean": `plan.support plan.chat_reports plan.rest_api plan.sla plan.agent_leaderboard
      plan.agent_reports plan.high_load plan.ip_restriction plan.file_upload plan.integrations
      plan.daily_reports plan.operating_hours plan.analytics plan.unbranding plan.monitoring
      plan.email_reports`,
    "null object": "billing plan",
  },
  agents: {
    "integer": "id departments[] enabled_departments[] skills[]",
    "null string date-time": "create_date last_login",
    "null string": "first_name last_name display_name email scope",
    "null integer": "role_id login_count",
    "null boolean": "enabled",
    "boolean": "roles.administrator roles.owner",
    "null object": "roles",
    "null array": "departments enabled_departments skills",
  },
  bans: {
    "integer": "id",
    "null string": "type ip_address visitor_id visitor_name reason",
    "null string date-time": "created_at",
  },
  chats: {
    "null string": `id type comment rating message started_by department_name
      referrer_search_terms referrer_search_engine
      visitor.name visitor.email visitor.notes visitor.phone
      webpath[].from webpath[].to webpath[].title
      history[].name history[].channel history[].msg history[].nick history[].type
      history[].options history[].department_name history[].rating history[].new_rating
      history[].conversion.goal_name history[].conversion.attribution.department_name
      history[].conversion.attribution.agent_name
      conversions[].goal_name conversions[].attribution.department_name
      conversions[].attribution.agent_name`,
    "string": `visitor.id conversions[].id history[].conversion.id
      agent_names[] agent_ids[] tags[] history[].tags[] history[].new_tags[]
      history[].skills_name[]`,
    "null string date-time": `timestamp end_timestamp webpath[].timestamp history[].timestamp
      history[].conversion.timestamp history[].conversion.attribution.chat_timestamp
      conversions[].timestamp conversions[].attribution.chat_timestamp`,
    "null integer": `department_id duration zendesk_ticket_id count.total count.agent count.visitor
      response_time.first response_time.max
      history[].conversion.goal_id history[].conversion.attribution.department_id
      history[].conversion.attribution.agent_id
      conversions[].goal_id conversions[].attribution.department_id
      conversions[].attribution.agent_id`,
    "null number integer": "response_time.avg",
    "null boolean": "missed triggered triggered_response",
    "null boolean integer": "unread",
    "null integer string": "history[].department_id history[].prev_department_id webpath[][]",
    "null string integer": "history[].msg_id",
    "null object": `session count response_time visitor history[] history[].conversion
      history[].conversion.attribution conversions[] conversions[].attribution`,
    "null array": `agent_names agent_ids tags webpath history history[].tags history[].new_tags
      history[].skills_name conversions`,
    "null object | null array": "webpath[]",
  },
  departments: {
    "integer": "id",
    "null string": "name description",
    "null boolean": "enabled",
    "null array": "members",
    "null integer": "members[]",
    "null object": "settings",
  },
  goals: {
    "integer": "id",
    "null string": `name description attribution_model
      settings.conditions[].operator settings.conditions[].type settings.conditions[].value`,
    "null integer": "attribution_period",
    "null boolean": "enabled",
    "null object": "settings settings.conditions[]",
    "null array": "settings.conditions",
  },
  shortcuts: {
    "string": "name tags[]",
    "null string": "id options message scope",
    "null array": "tags departments agents",
    "integer": "departments[] agents[]",
  },
  triggers: {
    "integer": "id",
    "null string": "name description definition.event definition.condition definition.actions",
    "null integer": "definition.version",
    "null boolean": "enabled",
    "null object": "definition",
  },
};

/** One stream of a table, turned round: from path to types. */
export function byPath(table: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table).flatMap(([types, paths]) =>
      paths.trim().split(/\s+/).map((path) => [path, types])
    ),
  );
}
