"""Write a notice as a mail: plain text and HTML, why it came, and how to stop it."""

from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, parseaddr

from civic import settings
from civic.foundation import instance
from civic.foundation.rendering import render_text
from civic.notices.content import letter


async def compose(
    *,
    to: str,
    language: str,
    kind: str,
    data: Mapping[str, object],
    message_id: str,
    date: str,
    stop_path: str | None,
) -> EmailMessage:
    """Write the mail of a notice. Raises ValueError when a header would hold a line break."""
    current, ours = settings.current(), await instance.current()
    written = letter(kind, data, language)
    context = {
        "letter": written,
        "instance": ours,
        "action_url": current.public_url + written.path,
        "stop_url": current.public_url + stop_path if stop_path else None,
        "site_url": current.public_url,
        "contact_url": current.public_url + "/contact",
    }
    message = EmailMessage(policy=SMTP)
    name, address = parseaddr(current.mail_from)
    message["From"] = formataddr((name or ours.name, address))
    message["To"] = to
    message["Subject"] = f"{written.subject} ({ours.name})"
    message["Date"] = date
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if stop_path:
        message["List-Unsubscribe"] = f"<{current.public_url}{stop_path}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(render_text("notices/mail.txt", language, context), cte="quoted-printable")
    html = render_text("notices/mail.html", language, context)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language
    return message
