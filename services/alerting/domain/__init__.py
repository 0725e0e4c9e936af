"""What an alert is and when there is one. Pure."""
