"""The files that briefs come in, each turned into text: mails, threads, pages, Word, PDF, form posts; any encoding."""
