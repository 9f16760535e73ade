"""What `unburnt evaluate --help` teaches."""

from unburnt.evaluate.kinds import GENERAL, HARD

ABOUT = f"""What --on takes, judged by the model in force, with your thresholds if you have set some:

A folder with rejection/ and other/ of .eml files. Names such as en-form-greyharbour--01.eml also tell language and kind.

An mbox whose messages each have a field X-Label: rejection or other.

JSON lines, gzipped or not. Each object has "label" (1 or "rejection", 0 or "other") and either "eml", the message as text, or
"subject", "from" and "body"; and, where known, "id", "lang", "kind", "family" and "date".

A message that can't be read is listed and counts in no figure.

How sure: ranges are 95 % intervals, Wilson's for shares, for average precision a bootstrap over families. A family is mail of
one hand; cross-validation never learns from one to judge the other.

In a mailbox: precision is reckoned for 5 % rejections, 15 % mail that is near them and 80 % general mail, told apart by kind.
Near them: {", ".join(sorted(HARD))}. General: {", ".join(sorted(GENERAL))}. Other kinds are left out there, and counted.

On the way of an application: without --on, a second table measures what mail that is no rejection is taken for: acknowledgement,
interview, offer and so on, also by cross-validation. The history of your applications rests on it.

--extraction reads every rejection as one, whatever the classifier says of it, and compares with answers: a file answers.tsv
in the folder (tab separated: name, company, role, requisition, contact, title, phone, linkedin, recipient; empty is what the
mail doesn't tell, the recipient - is nobody), or in JSON lines "company", "role", "contact_name" and "contact_address", of
which null counts in no figure.

--floors takes a file like classifier_data/quality.toml, and leaves with exit code 1 when a figure is below its floor less slack;
with --extraction the floors are those of its table [extraction]."""
