"""政策沙盘: the whole portfolio under other rates, caps, settings and pools. It reads projects and changes none."""
