"""Error pages as people photograph them. Drawn here, so that what a reader has to find in them is known."""

from tests.screenshots.pages import Page, chat, desktop, table, terminal, toast

QWEN = "qwen/qwen3-coder:free"
UPSTREAM = (
    f"{QWEN} is temporarily rate-limited upstream. Please retry shortly, or add your own key to accumulate "
    "your rate limits"
)
UPSTREAM_JSON = (
    '{"error":{"message":"Provider returned error","code":429,"metadata":{"raw":"'
    f'{UPSTREAM}","provider_name":"Chutes"}}}}}}'
)
NOT_ENOUGH = (
    "This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, "
    "but can only afford 4120."
)
DATA_POLICY = (
    "No endpoints found matching your data policy (Free model publication). "
    "Configure: https://openrouter.ai/settings/privacy"
)
NO_ENDPOINTS = (
    "openai.NotFoundError: Error code: 404 - {'error': {'message': "
    "'No endpoints found for mistralai/mistral-7b-instruct:free.', 'code': 404}}"
)
DAILY = "Error 429: Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day"
PROXY = (
    'PROXY ERROR 402: {"error":{"message":"Insufficient credits. '
    'Add more using https://openrouter.ai/settings/credits","code":402}}'
)
MODERATED = 'openai/gpt-4o requires moderation on OpenAI. Your input was flagged for "harassment".'
INTERNAL = 'litellm.APIError: APIError: OpenrouterException - {"error":{"message":"Internal Server Error","code":500}}'
TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "app.py", line 41, in <module>',
    '    client.chat.completions.create(model="meta-llama/llama-3.3-70b-instruct:free")',
    "openai.RateLimitError: Error code: 429 - {'error': {'message': 'Provider returned error', 'code': 429}}",
)

CREDITS = Page(
    name="credits page, light",
    height=520,
    body=table(
        "Credits",
        ("Date", "Amount", "Status"),
        (("Nov 23, 2026", "$10.00", "Paid"), ("Oct 2, 2026", "$5.00", "Paid")),
        above='<div style="font-size:32px">$ 9.87</div><div style="color:#667085">Recent transactions</div>',
    ),
)
ACTIVITY = Page(
    name="activity page, light",
    width=1100,
    height=460,
    status=429,
    model="qwen/qwen3-coder:free",
    body=table(
        "Activity",
        ("Timestamp", "Provider", "Model", "App", "Tokens", "Cost", "Status"),
        (
            ("Nov 24, 11:58", "Chutes", "qwen/qwen3-coder:free", "Claude Code", "0", "$0", "429"),
            ("Nov 24, 11:57", "Chutes", "qwen/qwen3-coder:free", "Claude Code", "0", "$0", "429"),
            ("Nov 24, 11:51", "Chutes", "moonshotai/kimi-k2:free", "Claude Code", "812", "$0", "200"),
        ),
    ),
)

PAGES = (
    CREDITS,
    ACTIVITY,
    Page(
        name="terminal dark, whole body",
        body=terminal("$ claude", "> fix the tests", "", f"API Error (429 {UPSTREAM_JSON})"),
        status=429,
        model=QWEN,
    ),
    Page(
        name="terminal light",
        body=terminal("$ python ask.py", NO_ENDPOINTS, background="#fdf6e3", colour="#586e75"),
        status=404,
        model="mistralai/mistral-7b-instruct:free",
    ),
    Page(
        name="terminal, narrow: the id breaks",
        width=430,
        body=terminal(
            "litellm.NotFoundError: Error 404",
            "model=deepseek/deepseek-chat-v3-0324:free",
            "No endpoints found for deepseek/deepseek-chat-v3-0324:free.",
        ),
        status=404,
        model="deepseek/deepseek-chat-v3-0324:free",
    ),
    Page(name="dark toast", body=toast("Error 429", UPSTREAM), status=429, model=QWEN),
    Page(
        name="light toast",
        body=toast(
            "API error", "400: anthropic/claude-sonet-4.5 is not a valid model ID", behind="#f3f4f6", card="#374151"
        ),
        status=400,
        model="anthropic/claude-sonet-4.5",
    ),
    Page(
        name="toast on a gradient",
        body=toast(
            "Chat completion failed",
            "402 " + NOT_ENOUGH,
            behind="linear-gradient(120deg,#a18cd1,#fbc2eb,#8fd3f4)",
            card="#2228",
        ),
        status=402,
    ),
    Page(
        name="chat dark",
        body=chat("moonshotai/kimi-k2:free", "write a haiku", DAILY),
        status=429,
        model="moonshotai/kimi-k2:free",
    ),
    Page(
        name="chat light",
        body=chat(
            "google/gemini-2.5-flash",
            "hi",
            "HTTP 503: Provider returned error. The model is overloaded. Please try again later.",
            dark=False,
        ),
        status=503,
        model="google/gemini-2.5-flash",
    ),
    Page(
        name="phone dark",
        width=390,
        height=720,
        scale=3,
        jpeg=70,
        body=chat("deepseek/deepseek-chat-v3.1", "hello", PROXY, size=17),
        status=402,
        model="deepseek/deepseek-chat-v3.1",
    ),
    Page(
        name="phone light",
        width=360,
        height=640,
        scale=2,
        jpeg=60,
        body=chat("z-ai/glm-4.5-air:free", "continue", "Error 404: " + DATA_POLICY, dark=False, size=16),
        status=404,
        model="z-ai/glm-4.5-air:free",
    ),
    Page(
        name="jpeg of a web app",
        jpeg=40,
        body=chat("qwen/qwen3-235b-a22b", "summarise", "401 No auth credentials found", dark=False),
        status=401,
        model="qwen/qwen3-235b-a22b",
    ),
    Page(name="jpeg of a toast", jpeg=40, body=toast("Error 403", MODERATED), status=403, model="openai/gpt-4o"),
    Page(
        name="photo: rotated and soft",
        jpeg=70,
        rotated=2.0,
        blur=0.4,
        body=terminal("Error: 429", UPSTREAM, size=18),
        status=429,
        model=QWEN,
    ),
    Page(
        name="rotated a little",
        rotated=-1.5,
        body=terminal(
            "HTTP 502 Bad Gateway", "x-ai/grok-code-fast-1: Upstream error from xAI: connection closed", size=16
        ),
        status=502,
        model="x-ai/grok-code-fast-1",
    ),
    Page(
        name="low contrast",
        body=terminal(
            "[error] status 408",
            "model openai/gpt-oss-120b timed out after 60 s",
            background="#3a3f4b",
            colour="#7d8799",
            size=15,
        ),
        status=408,
        model="openai/gpt-oss-120b",
    ),
    Page(
        name="power shell",
        width=1200,
        body=terminal(
            "PS C:\\Users\\me> aider --model openrouter/deepseek/deepseek-r1",
            INTERNAL,
            background="#012456",
            colour="#eeedf0",
            size=15,
        ),
        status=500,
        model="deepseek/deepseek-r1",
    ),
    Page(
        name="traceback on a large screen",
        width=1920,
        height=1080,
        body=terminal(*TRACEBACK, size=14),
        status=429,
        model="meta-llama/llama-3.3-70b-instruct:free",
    ),
    Page(
        name="desktop 1920, small window",
        width=1920,
        height=1080,
        body=desktop(
            terminal("Error 402", "anthropic/claude-sonnet-4.5", NOT_ENOUGH, size=12),
            left=620,
            top=300,
            width=640,
            height=220,
        ),
        status=402,
        model="anthropic/claude-sonnet-4.5",
    ),
    Page(
        name="desktop 2560, editor's notification",
        width=2560,
        height=1440,
        body=desktop(toast("Cline", "Error 429: " + UPSTREAM), left=1500, top=800, width=960, height=520),
        status=429,
        model=QWEN,
    ),
    Page(
        name="editor panel, 11 px",
        width=1400,
        height=700,
        body=terminal(
            "[Info] starting",
            "[Error] 404 No endpoints found that support tool use. Model: google/gemma-3-27b-it:free",
            "[Info] done",
            size=11,
        ),
        status=404,
        model="google/gemma-3-27b-it:free",
    ),
    Page(
        name="console of a browser",
        body=terminal(
            "POST https://openrouter.ai/api/v1/chat/completions 413 (Content Too Large)",
            "model: openai/gpt-5.1",
            background="#fff",
            colour="#c0392b",
            size=13,
        ),
        status=413,
        model="openai/gpt-5.1",
    ),
    Page(
        name="json in a light editor",
        body=terminal(
            "{",
            '  "error": {',
            '    "message": "minimax/minimax-m2 is not available in your region",',
            '    "code": 403',
            "  }",
            "}",
            background="#ffffff",
            colour="#24292f",
            size=16,
        ),
        status=403,
        model="minimax/minimax-m2",
    ),
    Page(
        name="letters like digits",
        body=terminal(
            "Error 400",
            "01-ai/yi-large and x-ai/grok-4.1-fast: o1 l0 O0 Il",
            "openai/o1-pro is not a valid model ID",
            size=15,
        ),
        status=400,
        model="openai/o1-pro",
    ),
    Page(
        name="zoomed",
        scale=2,
        body=terminal("529 overloaded_error", "anthropic/claude-opus-4.1", size=24),
        status=529,
        model="anthropic/claude-opus-4.1",
    ),
    Page(
        name="green on black",
        body=terminal(
            "ERR 524 A timeout occurred", "nousresearch/hermes-4-405b", background="#000", colour="#33ff66", size=15
        ),
        status=524,
        model="nousresearch/hermes-4-405b",
    ),
    Page(
        name="chinese interface",
        body=chat(
            "deepseek/deepseek-r1-0528:free", "你好", "请求失败 429：" + "Rate limit exceeded: free-models-per-min."
        ),
        status=429,
        model="deepseek/deepseek-r1-0528:free",
    ),
)
