"""Parameters of an address that say how a reader came to a page or how it is shown, never which page it is.

Names are lower case. A name that some site may use for an article's number (`id`, `ref`, `source`, `cid`, `sid`,
`session_id`) is not here by itself: `CHANNEL_NAMES` go only together with the name of a channel, `VIEWS` only
with a yes.
"""

from __future__ import annotations

PREFIXES = (
    "utm_",  # Google Analytics, and everyone after it
    "mtm_",  # Matomo
    "matomo_",
    "piwik_",
    "hsa_",  # HubSpot
    "itm_",  # internal campaigns
    "fb_action_",
    "at_custom",  # AT Internet
    "guce_",  # Yahoo
    "__cf_chl",  # Cloudflare's challenges
    "gaa_",  # Google's subscriptions
)

NAMES = frozenset(
    (
        # Google
        "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga",
        "_gl", "usqp",
        # Facebook, Instagram
        "fbclid", "fb_ref", "fb_source", "action_object_map", "action_type_map", "action_ref_map",
        "__tn__", "igshid", "igsh", "mibextid",
        # Yandex, and the open statistics label of Russian ad networks
        "yclid", "ysclid", "ymclid", "yadclid", "yadordid", "_openstat", "erid",
        # Microsoft, X, TikTok, LinkedIn, Pinterest, Snapchat, Reddit
        "msclkid", "twclid", "__twitter_impression", "ttclid", "li_fat_id", "trk_contact", "epik", "sccid",
        "rdt_cid", "ref_src", "ref_url", "_branch_match_id",
        # "you may also like": Taboola, Outbrain
        "tblci", "dicbo",
        # mailings: Mailchimp, HubSpot, Marketo, Vero, Omeda, Drip
        "mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "mkt_tok",
        "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "__s",
        # Matomo's older names
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid",
        "pk_group", "pk_placement",
        # publishers' own analytics: AT Internet, comScore, Webtrends, Adobe
        "at_medium", "at_campaign", "at_link_id", "at_link_type", "at_link_origin", "at_format",
        "at_ptr_name", "at_bbc_team", "xtor", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname",
        "ns_fee", "wt_mc", "wt_zmc", "s_kwcid", "ef_id", "sc_cid", "guccounter", "nr_email_referer",
        "rb_clickid", "wickedid", "spm", "sr_share", "amp_js_v", "amp_gsa",
        # a visitor's session
        "phpsessid", "jsessionid", "aspsessionid",
    )
)  # fmt: skip

CHANNEL_NAMES = frozenset(
    (
        "ref", "source", "src", "from", "via", "share", "shared", "referrer", "referer", "feature",
    )
)  # fmt: skip
CHANNELS = frozenset(
    (
        "rss", "feed", "atom", "twitter", "x", "facebook", "fb", "telegram", "tg", "whatsapp", "wa", "vk",
        "vkontakte", "ok", "instagram", "ig", "linkedin", "viber", "email", "mail", "newsletter", "push",
        "google", "googlenews", "yandex", "yxnews", "zen", "dzen", "home", "homepage", "main", "share",
        "sharing", "social", "widget",
    )
)  # fmt: skip

PATH_VIEWS = frozenset(("", "amp", "print"))  # the empty one is a trailing slash
VIEWS = frozenset(("amp", "print", "printable", "printview", "isprint"))
YES = frozenset(("", "1", "true", "yes", "y", "on"))
VIEW_NAMES = frozenset(("view", "format", "mode", "output", "outputtype", "display", "layout", "tmpl"))
VIEW_VALUES = frozenset(("amp", "print", "printable", "printer", "printview", "component"))
