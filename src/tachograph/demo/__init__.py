"""A provider on loopback that speaks the APIs of OpenAI and Anthropic, and a small agent to be recorded."""

from tachograph.demo.provider import Provider, Request

__all__ = ["Provider", "Request"]
