export async function* contention() {}
