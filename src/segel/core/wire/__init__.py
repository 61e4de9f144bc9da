"""What client and server say to each other: requests, answers, the bytes that are hashed and
signed.
"""
