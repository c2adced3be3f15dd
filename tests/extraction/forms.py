"""The ways in which clients print an error, each with what has to be read out of it."""

from dataclasses import dataclass, field

TOOLS = "No endpoints found that support tool use. To learn more about provider routing, visit: https://example.com/r"
USER = "user_2FAKEx7Qm4Zt9Lc1Vb6Nd3Hs8K"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    number: int
    printed: str
    message: str  # how the innermost message begins
    status: int | None = None
    provider: str | None = None
    models: tuple[str, ...] = ()
    client: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


FORMS = (
    Form(
        number=1,
        printed="Error code: 429 - {'error': {'message': 'Rate limit exceeded: free-models-per-min. ', 'code': 429, "
        "'metadata': {'headers': {'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': "
        f"'1795470060000'}}, 'provider_name': None}}}}, 'user_id': '{USER}'}}",
        message="Rate limit exceeded: free-models-per-min.",
        status=429,
        client="OpenAI SDK",
        fields={"x_ratelimit_limit": "20", "x_ratelimit_remaining": "0", "x_ratelimit_reset": "1795470060000"},
    ),
    Form(
        number=2,
        printed=f"Error code: 404 - {{'error': {{'message': '{TOOLS}', 'code': 404}}}}",
        message=TOOLS,
        status=404,
    ),
    Form(
        number=3,
        printed="Error code: 402 - {'error': {'message': 'This request requires more credits, or fewer max_tokens. You "
        "requested up to 48000 tokens, but can only afford 1204. To increase, visit "
        "https://example.com/keys and create "
        "a key with a higher weekly limit', 'code': 402, 'metadata': {'provider_name': None}}}",
        message="This request requires more credits, or fewer max_tokens. You requested up to 48000",
        status=402,
    ),
    Form(
        number=4,
        printed="openai.BadRequestError: Error code: 400 - {'error': {'message': 'Provider returned "
        "error', 'code': 400, "
        "'metadata': {'raw': '{\"error\":{\"message\":\"Unknown parameter: top_z\"}}', 'provider_name': 'Azure'}}}",
        message="Unknown parameter: top_z",
        status=400,
        provider="Azure",
    ),
    Form(number=5, printed="openai.APIError: Provider returned error", message="Provider returned error"),
    Form(
        number=6,
        printed="Provider openrouter failed: API error: Error code: 401 - "
        "{'error': {'message': 'User not found.', 'code': 401}}",
        message="User not found.",
        status=401,
    ),
    Form(
        number=7,
        printed="litellm.exceptions.NotFoundError: litellm.NotFoundError: NotFoundError: OpenrouterException - "
        '{"error":{"message":"No allowed providers are available for the selected model.","code":404,"metadata":'
        '{"available_providers":["novita","parasail"],"requested_providers":["groq"]}}}',
        message="No allowed providers are available for the selected model.",
        status=404,
        client="LiteLLM",
        fields={"available_providers": "novita, parasail", "requested_providers": "groq"},
    ),
    Form(
        number=8,
        printed="litellm.RateLimitError: RateLimitError: OpenrouterException",
        message="litellm.RateLimitError: RateLimitError: OpenrouterException",
        client="LiteLLM",
    ),
    Form(
        number=9,
        printed='litellm.APIError: APIError: OpenrouterException - {"error":{"message":"This request requires more '
        'credits, or fewer max_tokens. You requested up to 32000 tokens, but\ncan only afford 811.","code":402,'
        '"metadata":{"provider_name":null}}}\nRetrying in 0.2 seconds...',
        message="This request requires more credits, or fewer max_tokens. You requested up to 32000 "
        "tokens, but can only",
        status=402,
    ),
    Form(
        number=10,
        printed="litellm.BadRequestError: OpenrouterException - KeyError: 'choices', Got \nunexpected response: "
        "{'error': {'message': 'This endpoint\\'s \nmaximum context length is 65536 tokens.', 'code': 400, "
        "'metadata': {'provider_name': 'Chutes'}}}",
        message="This endpoint's maximum context length is 65536 tokens.",
        status=400,
        provider="Chutes",
    ),
    Form(
        number=11,
        printed="Error code: 400 - {'error': {'message': 'litellm.BadRequestError: AnthropicException - "
        '{"type":"error","error":{"type":"invalid_request_error","message":"messages.9: text content blocks must be '
        "non-empty\"},\"request_id\":\"req_FAKE\"}No fallback model group found', 'type': None, 'code': '400'}}",
        message="messages.9: text content blocks must be non-empty",
        status=400,
    ),
    Form(
        number=12,
        printed='API Error: 400 {"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{"type":'
        '"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum'
        f'"}},"request_id":"req_FAKE"}}","provider_name":"Anthropic","is_byok":false}}}},"user_id":"{USER}"}}',
        message="prompt is too long: 210000 tokens > 200000 maximum",
        status=400,
        provider="Anthropic",
        client="Claude Code",
        fields={"is_byok": "false"},
    ),
    Form(
        number=13,
        printed='API Error (500 {"error":{"message":"Unexpected token \'<\', \\"<!DOCTYPE \\"... is not valid JSON",'
        '"type":"api_error","code":"internal_error"}}) · Retrying in 1 seconds… (attempt 2/10)',
        message="Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
        status=500,
        client="Claude Code",
        fields={"code": "internal_error"},
    ),
    Form(
        number=14,
        printed='API Error: 400 {"error":{"message":"No endpoints available that support Anthropic\'s context\n'
        '     management features (context-management-2025-06-27).","code":400}}',
        message="No endpoints available that support Anthropic's context management features (context-management",
        status=400,
    ),
    Form(
        number=15,
        printed="API Error: Request rejected (429) · Rate limited",
        message="Request rejected (429) · Rate limited",
        status=429,
    ),
    Form(
        number=16,
        printed='{"error":{"message":"Error from provider(openrouter,stepfun/step-3.5-flash:free: 400): {\\"error\\":'
        '{\\"message\\":\\"Reasoning is mandatory for this endpoint and cannot be disabled.\\",\\"code\\":400,'
        '\\"metadata\\":{\\"provider_name\\":null}}}"}}',
        message="Reasoning is mandatory for this endpoint and cannot be disabled.",
        status=400,
        models=("stepfun/step-3.5-flash:free",),
        client="Claude Code Router",
    ),
    Form(
        number=17,
        printed='API Error: OpenAI API error 402: {"error":{"message":"Insufficient credits. This account never '
        'purchased credits. Purchase more at \n     https://example.com/credits","code":402}}',
        message="Insufficient credits. This account never purchased credits.",
        status=402,
        client="openclaude",
    ),
    Form(
        number=18,
        printed='API Error: 402 {"error":{"message":"Insufficient credits.","type":"upstream_error","code":"402"}}',
        message="Insufficient credits.",
        status=402,
    ),
    Form(
        number=19,
        printed='429 {"error":{"message":"Rate limit exceeded: free-models-per-day-high-balance.","type":'
        '"rate_limit_error","code":"429"}}',
        message="Rate limit exceeded: free-models-per-day-high-balance.",
        status=429,
    ),
    Form(
        number=20,
        printed="API Error: 404 No endpoints found matching your data policy. Check your settings: "
        "https://example.com/p",
        message="No endpoints found matching your data policy.",
        status=404,
    ),
    Form(
        number=21,
        printed=f"Error [AI_APICallError]: {TOOLS}\n    at handle (node:internal/x:95:5) {{\n  cause: "
        f"undefined,\n  url: "
        "'https://example.com/api/v1/chat/completions',\n  statusCode: 404,\n  responseBody: "
        f'\'{{"error":{{"message":"{TOOLS}","code":404}}}}\',\n  isRetryable: false,\n  data: [Object]\n}}',
        message=TOOLS,
        status=404,
        client="Vercel AI SDK",
    ),
    Form(
        number=22,
        printed='{"name":"APIError","data":{"message":"No endpoints found that support tool use. Try disabling '
        ""
        '\\"question\\".","statusCode":404,"isRetryable":false,"responseHeaders":{"server":"x"},"responseBody":"{\\"error'
        '\\":{\\"message\\":\\"No endpoints found that support tool use. Try disabling '
        '\\\\\\"question\\\\\\". To learn',
        message='No endpoints found that support tool use. Try disabling "question".',
        status=404,
    ),
    Form(
        number=23,
        printed="AI_APICallError: No endpoints found that support tool use. To lea",
        message="No endpoints found that support tool use.",
    ),
    Form(
        number=24,
        printed="Error from provider (Console): Upstream request failed: [404] No allowed providers are available for "
        "the selected model. Providers serving z-ai/glm-5.2: novita, but your request's provider.only preference "
        "permits only: groq.",
        message="No allowed providers are available for the selected model.",
        status=404,
        models=("z-ai/glm-5.2",),
    ),
    Form(
        number=25,
        printed='OpenRouter Mid-Stream Error: {\n  "message": "Upstream error from AtlasCloud: '
        "Unexpected token 17 while "
        'expecting start token 20",\n  "code": 502,\n  "metadata": {\n    "raw": {"object": "error"},\n    '
        '"provider_name": "AtlasCloud"\n  }\n}',
        message="Unexpected token 17 while expecting start token 20",
        status=502,
        provider="AtlasCloud",
        client="Cline",
    ),
    Form(
        number=26,
        printed="404 No allowed providers are available for the selected model.",
        message="No allowed providers are available for the selected model.",
        status=404,
    ),
    Form(
        number=27,
        printed="403 Key limit exceeded. Manage it using https://example.com/keys",
        message="Key limit exceeded.",
        status=403,
    ),
    Form(
        number=28,
        printed="402 Prompt tokens limit exceeded: 5120 > 811. To increase, visit https://example.com/credits",
        message="Prompt tokens limit exceeded: 5120 > 811.",
        status=402,
    ),
    Form(
        number=29,
        printed='Failed to connect to OpenRouter API: 404 Not Found {"error":{"message":"No '
        "endpoints found that support "
        'the provided \'tool_choice\' value.","code":404}',
        message="No endpoints found that support the provided 'tool_choice' value.",
        status=404,
        client="Zed",
    ),
    Form(
        number=30,
        printed='Error: "API request failed with status 404. Body: \'{\\"error\\":{\\"message\\":\\"No endpoints found '
        'that support tool use.\\",\\"code\\":404}}\'"',
        message="No endpoints found that support tool use.",
        status=404,
        client="avante.nvim",
    ),
    Form(
        number=31,
        printed='POST "https://example.com/api/v1/chat/completions": 400 Bad Request {"message":"Provider returned\n'
        'error","code":400,"metadata":{"raw":"{\\"type\\":\\"error\\",\\"error\\":{\\"message\\":\\"Input should be a '
        'valid string\\"}}","provider_name":"Google"}}',
        message="Input should be a valid string",
        status=400,
        provider="Google",
    ),
    Form(
        number=32,
        printed='{"errorMessage":"OpenAI: Rate limit reached","errorDescription":"Rate limit exceeded: '
        'free-models-per-day. Add 10 credits to unlock 1000 free model requests per day","errorDetails":{},'
        '"n8nDetails":{"nodeName":"Chat"}}',
        message="Rate limit exceeded: free-models-per-day. Add 10 credits",
        client="n8n",
    ),
    Form(
        number=33,
        printed="Received empty response from chat model call (no choices). Response body: "
        '{"error":{"message":"Rate limit exceeded","code":429}}',
        message="Rate limit exceeded",
        status=429,
    ),
    Form(
        number=34,
        printed='Chat completion request error:  Bad Request {"error":{"message":"Invalid enum value. Expected '
        f'\'OpenAI\' | \'Anthropic\', received \'Modal\'","code":400}},"user_id":"{USER}"}}',
        message="Invalid enum value. Expected 'OpenAI' | 'Anthropic', received 'Modal'",
        status=400,
        client="SillyTavern",
    ),
    Form(
        number=35,
        printed='PROXY ERROR 404: {"error":{"message":"No endpoints found matching your data '
        'policy.","code":404}} (unk)',
        message="No endpoints found matching your data policy.",
        status=404,
        client="JanitorAI",
    ),
    Form(
        number=36,
        printed="ValueError: {'message': 'Upstream error from Nvidia: Internal server error', 'code': 502}",
        message="Internal server error",
        status=502,
        provider="Nvidia",
    ),
    Form(
        number=37,
        printed="ModelHTTPError: status_code: 404, model_name: mistralai/devstral-2512, body: "
        "{'message': 'No endpoints "
        "found matching your data policy (Paid model training).', 'code': 404}",
        message="No endpoints found matching your data policy (Paid model training).",
        status=404,
        models=("mistralai/devstral-2512",),
        client="PydanticAI",
    ),
    Form(
        number=38,
        printed="{'status': 'failure', 'message': 'openrouter error: Provider returned error | metadata: {\"raw\":"
        '{"error":{"message":"Invalid value: tool","type":"invalid_request_error"}},"provider_name":"OpenAI",'
        "\"is_byok\":false}', 'error': {'type': 'upstream'}}",
        message="Invalid value: tool",
        provider="OpenAI",
    ),
    Form(
        number=39,
        printed='HttpException: HTTP 401: {"error":{"message":"No cookie auth credentials found","code":401}}',
        message="No cookie auth credentials found",
        status=401,
    ),
    Form(
        number=40,
        printed='{"message":"400 Provider returned '
        'error","status":400,"code":400,"modelId":"deepseek/deepseek-v4-flash",'
        '"details":{"message":"Provider returned '
        'error","code":400,"metadata":{"raw":"{\\"error\\":{\\"message\\":\\"The '
        '`reasoning_content` in the thinking mode must be passed back to the API.\\"}}","provider_name":"DeepSeek"}}}',
        message="The `reasoning_content` in the thinking mode must be passed back to the API.",
        status=400,
        provider="DeepSeek",
        models=("deepseek/deepseek-v4-flash",),
    ),
    Form(
        number=41,
        printed="API call failed after 3 retries: HTTP 429: Rate limit exceeded: free-models-per-min.",
        message="Rate limit exceeded: free-models-per-min.",
        status=429,
        client="Hermes agent",
    ),
    Form(
        number=42,
        printed="Upstream provider OPENROUTER returned HTTP 402.\nCategory: api_error\n\nUpstream error:\n"
        '{"error":{"message":"Insufficient credits.","code":402}}\n\nRequest ID: req_5885a728FAKE',
        message="Insufficient credits.",
        status=402,
    ),
    Form(
        number=43,
        printed="Could not parse message into JSON: : OPENROUTER PROCESSING\nFrom chunk: [ 'data: : OPENROUTER "
        "PROCESSING' ]",
        message="Could not parse message into JSON",
    ),
)
