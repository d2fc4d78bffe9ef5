var url = "http://x/*y*/";
