"""What is typed in the money room; what is permitted is the machine's business."""
