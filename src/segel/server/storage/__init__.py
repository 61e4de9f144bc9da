"""What a server keeps: ciphertext, hashes and keys of epochs, in SQLite and key files (delivery.md
1, 4, 5).
"""
