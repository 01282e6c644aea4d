"""What an agency decides for itself: settings that live in the database."""
