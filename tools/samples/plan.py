NAME = "floor-plan"
def draw(p): pass
