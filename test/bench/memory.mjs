export async function* memory() {}
