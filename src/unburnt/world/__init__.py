"""What is done: mailboxes, files, the journal, secrets. Effects stand here and nowhere else."""
