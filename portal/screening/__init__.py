"""What is asked about an applicant before they start: references and interviews."""
