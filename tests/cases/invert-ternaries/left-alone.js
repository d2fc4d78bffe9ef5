const pick = a => a?.b ?? (a || 1);
