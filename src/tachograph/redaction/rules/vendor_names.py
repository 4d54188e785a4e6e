"""Keys without a recognisable shape, behind the name of their vendor."""

from __future__ import annotations

import re

from tachograph.redaction.lazy_pattern import LazyPattern
from tachograph.redaction.rule_types import Behind, Rank, Rule
from tachograph.redaction.rules.named_values import name_before
from tachograph.redaction.words.looks import looks_drawn
from tachograph.redaction.words.name_strength import kind_of
from tachograph.redaction.words.placeholder import is_placeholder

_WRITTEN = b"""
    adafruit algolia amplitude apilayer asana assemblyai auth0 bamboohr beamer bitly bittrex braintree bugsnag
    buildkite calendly chargebee cloudflare cloudinary cloudsmith codecov cohere coinbase confluent
    contentful datadog deepgram deepl docusign droneci eventbrite exchangerate fastly finnhub flickr foursquare
    freshbooks freshdesk giphy gitter heroku honeycomb hubspot infura intercom ipstack jotform jumpcloud
    kucoin launchdarkly linkedin loggly logzio looker mailchimp mailgun mailjet mapquest mattermost maxmind
    messagebird mistral mixpanel netlify newsapi nexmo ngrok okta onelogin onesignal opencage openweather opsgenie
    pagerduty papertrail pipedrive plaid postmark rapidapi raygun rollbar saucelabs scrapingbee sendbird
    serpapi shodan snyk sonarqube splunk squarespace statuspage strava sumologic surveymonkey telegram
    tiingo todoist travisci trello twitter unsplash uptimerobot urlscan virustotal vonage vultr weatherstack
    webflow wistia zendesk
"""
_NAMES = _WRITTEN.split()
_GIT = re.compile(rb"[0-9a-f]{40}\Z")


def _of_vendor(match: re.Match[bytes]) -> str:
    value = match["secret"]
    if is_placeholder(value):
        return ""
    before = match.string[max(0, match.start() - 40) : match.start()]
    assigned = b"=" in before[-6:] or b":" in before[-6:]
    if (not assigned and _GIT.match(value) is not None) or not looks_drawn(value, uuid=assigned):
        return ""
    return kind_of(name_before(match.string, match.start()))


_VALUE = LazyPattern(rb"(?P<secret>[A-Za-z0-9+_~][A-Za-z0-9+/_.~=-]{19,1024}(?<![.~]))")

# One rule each: for a hundred names in one expression, hyperscan makes an automaton that reads every byte.
VENDOR_NAMES: tuple[Rule, ...] = tuple(
    Rule(
        "key",
        rb"(?i)" + name + rb"[a-z]{0,3}(?:\\{0,7}[\"'`\])])?[\s:=>,-]{1,5}(?:\\{0,7}[\"'`])?[A-Za-z0-9+_~]",
        Behind(_VALUE, _of_vendor, back=1),
        "https://opentelemetry.io/docs/security/handling-sensitive-data/",
        Rank.KEYED,
    )
    for name in _NAMES
)
"""Values behind the names of vendors."""
