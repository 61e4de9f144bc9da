"""What this server keeps: the declaration (ledger.toml), and what is made of it."""
